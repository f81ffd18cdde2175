import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { fakeEngine } from "./helpers/engine";
import { enterProjectCopy } from "./helpers/folders";
import { resolved, run, RunOptions } from "./helpers/mocks";
import { stackConfig } from "./helpers/stackConfig";

interface Outputs {
  readonly sparkMaster: string;
  readonly sparkUi: string;
  readonly historyServer: string;
  readonly jupyterlab: pulumi.Output<string>;
  readonly workers: readonly string[];
}

const config = {
  ...stackConfig({ caCertificates: "none", ports: { jupyterlab: 45_811, sparkUi: 45_812, historyServer: 45_813 } }),
  "docker:host": "ssh://me@server",
};

beforeEach(() => {
  enterProjectCopy();
  fakeEngine();
});

/** The program from its first line, as the language host runs it. */
function runProgram(options: RunOptions = {}) {
  const program = () => {
    let outputs: unknown;
    jest.isolateModules(() => {
      jest.doMock("@pulumi/pulumi", () => pulumi);
      jest.doMock("@pulumi/docker", () => docker);
      outputs = jest.requireActual("../../index");
    });
    return outputs as Outputs;
  };
  return run(program, { config, stack: "dev", ...options });
}

test("an up says where things are; JupyterLab's address is a secret, for its token is in it", async () => {
  const { result } = await runProgram();
  expect(result.sparkMaster).toBe("spark://spark-master:7077");
  expect(result.sparkUi).toBe("http://localhost:45812");
  expect(result.historyServer).toBe("http://localhost:45813");
  expect(result.workers).toEqual(["spark-worker-1", "spark-worker-2"]);
  expect(await resolved(result.jupyterlab)).toEqual({
    value: "http://localhost:45811/lab?token=value of spark-token",
    known: true,
    secret: true,
  });
});

test("the outputs are the names that others rely on, without those of what there is not", async () => {
  const names = async (written: Readonly<Record<string, string>>) => {
    const { result } = await runProgram({ config: { ...config, ...written } });
    return Object.keys(result).sort();
  };
  const always = ["jupyterlab", "sparkMaster", "sparkUi", "workers"];
  expect(await names({})).toEqual(["historyServer", ...always]);
  expect(await names({ "spark-cluster:historyServer": "false" })).toEqual(always);
  const all = ["historyServer", "jupyterlab", "sparkConnect", "sparkMaster", "sparkUi", "workers"];
  expect(await names({ "spark-cluster:sparkConnect": "true" })).toEqual(all);
});

test.each([false, true])(
  "everything of docker goes to the engine that docker:host names, and to no other (preview: %s)",
  async (preview) => {
    const { get, resources } = await runProgram({ preview });
    expect(get("engine")).toMatchObject({ type: "pulumi:providers:docker", inputs: { host: "ssh://me@server" } });
    const ofDocker = resources.filter(({ type }) => type.startsWith("docker:"));
    expect(ofDocker.length).toBeGreaterThan(10);
    expect(new Set(ofDocker.map(({ options }) => options.provider))).toEqual(new Set(["engine"]));
    expect(get("spark-home").inputs).toEqual({ host: "ssh://me@server" });
  },
);

test.each([
  ["docker", "ssh://me@server"],
  ["podman", "unix:///podman.sock"],
] as const)(
  "on %s, the provider, what goes by the engine's own client and the wait are all for one engine",
  async (kind, host) => {
    fakeEngine({ kind });
    const { get, resources } = await runProgram({ config: { ...config, "spark-cluster:engine": kind, "docker:host": host } });
    expect(get("engine").inputs).toMatchObject({ host });
    const told = resources.filter(({ inputs }) => "engine" in inputs);
    expect(told.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["spark-daemon-config-volume", "spark-driver-config-volume", "spark-ready"]),
    );
    expect(told.map(({ inputs }) => inputs.engine)).toEqual(told.map(() => ({ kind, host })));
  },
);

test("a wrong configuration ends the program before anything is registered", async () => {
  const bad = { ...config, "spark-cluster:workers": "0", "spark-cluster:wrkers": "1" };
  const provider = jest.fn();
  const mocked = { ...docker, Provider: provider };
  const program = () => {
    jest.isolateModules(() => {
      jest.doMock("@pulumi/pulumi", () => pulumi);
      jest.doMock("@pulumi/docker", () => mocked);
      jest.requireActual("../../index");
    });
  };
  await expect(run(program, { config: bad })).rejects.toThrow("2 problems");
  expect(provider).not.toHaveBeenCalled();
});
