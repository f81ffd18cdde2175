import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { EngineKind } from "../../engine/engine";
import { stackConfig, Written } from "../../testbed/stackConfig";
import { fakeEngine } from "./helpers/engine";
import { enterProjectCopy } from "./helpers/folders";
import { Registration, resolved, run, RunOptions, unknown } from "./helpers/mocks";

interface Outputs {
  readonly sparkMaster: pulumi.Output<string>;
  readonly sparkUi: pulumi.Output<string>;
  readonly historyServer: pulumi.Output<string>;
  readonly metrics?: pulumi.Output<string[]>;
  readonly objectStore?: pulumi.Output<string>;
  readonly jupyterlab: pulumi.Output<string>;
  readonly workers: pulumi.Output<string[]>;
}

const ports = {
  jupyterlab: 45_811,
  sparkUi: 45_812,
  historyServer: 45_813,
  sparkConnect: 45_814,
  metrics: 45_815,
  objectStore: 45_816,
};
const host = "ssh://me@server";

beforeEach(() => {
  enterProjectCopy();
  fakeEngine();
});

/** The program from its first line, as the language host runs it. */
function runProgram(written: Record<string, Written> = {}, rest: RunOptions & { readonly host?: string } = {}) {
  const program = () => {
    let outputs: unknown;
    jest.isolateModules(() => {
      // All but the SDK, whose mocks would be lost.
      jest.doMock("@pulumi/pulumi", () => pulumi);
      jest.doMock("@pulumi/docker", () => docker);
      outputs = jest.requireActual("../../index");
    });
    return outputs as Outputs;
  };
  const config = { ...stackConfig({ caCertificates: "none", ports, ...written }), "docker:host": rest.host ?? host };
  return run(program, { config, stack: "dev", ...rest });
}

const always = ["jupyterlab", "sparkMaster", "sparkUi", "workers"];

interface Case {
  readonly kind: EngineKind;
  readonly host: string;
  readonly preview: boolean;
  readonly written: Readonly<Record<string, string>>;
  readonly outputs: readonly string[];
}

test.each<Case>([
  { kind: "docker", host: "ssh://me@server", preview: false, written: {}, outputs: ["historyServer", ...always] },
  { kind: "docker", host: "ssh://me@server", preview: true, written: { historyServer: "false" }, outputs: always },
  {
    ...{ kind: "podman", host: "unix:///podman.sock", preview: false },
    written: { engine: "podman", sparkConnect: "true", metrics: "true", objectStore: "true" },
    outputs: ["historyServer", "jupyterlab", "metrics", "objectStore", "sparkConnect", "sparkMaster", "sparkUi", "workers"],
  },
])(
  "everything goes to the engine that docker:host names, and the outputs are the names that others rely on: %j",
  async ({ kind, host, preview, written, outputs }) => {
    fakeEngine({ kind });
    const { get, resources, result } = await runProgram(written, { host, preview });
    expect(Object.keys(result).sort()).toEqual(outputs);
    expect(get("engine")).toMatchObject({ type: "pulumi:providers:docker", inputs: { host } });
    const ofDocker = resources.filter(({ type }) => type.startsWith("docker:"));
    expect(ofDocker.length).toBeGreaterThan(10);
    expect(new Set(ofDocker.map(({ options }) => options.provider))).toEqual(new Set(["engine"]));
    expect(get("spark-home").inputs).toMatchObject({ input: preview ? unknown : { host } });
    // What goes by the engine's own client, and the wait.
    const told = resources.filter(({ inputs }) => "engine" in inputs);
    const some = ["spark-daemon-config-volume", "spark-driver-config-volume", "spark-ready"];
    expect(told.map(({ name }) => name)).toEqual(expect.arrayContaining(some));
    expect(told.map(({ inputs }) => inputs.engine)).toEqual(told.map(() => ({ kind, host })));
    if (!preview) {
      const addresses = ["spark://spark-master:7077", "http://localhost:45812", "http://localhost:45813"];
      const values = pulumi.all([result.sparkMaster, result.sparkUi, result.historyServer]);
      expect((await resolved(values)).value).toEqual(addresses);
      if (result.metrics !== undefined) {
        const paths = ["prometheus.yml", "master", "workers", "drivers", "executors", "history-server"];
        expect((await resolved(result.metrics)).value).toEqual(paths.map((path) => `http://localhost:45815/${path}`));
      }
      if (result.objectStore !== undefined) {
        const { value, secret } = await resolved(result.objectStore);
        expect(secret).toBe(true);
        expect(value.split("\n")).toEqual([
          "AWS_ENDPOINT_URL_S3=http://localhost:45816",
          ...["AWS_REGION=us-east-1", "AWS_DEFAULT_REGION=us-east-1"],
          "AWS_ACCESS_KEY_ID=value of spark-object-store-access-key",
          "AWS_SECRET_ACCESS_KEY=value of spark-object-store-secret-key",
          "",
        ]);
      }
      expect((await resolved(result.workers)).value).toEqual(["spark-worker-1", "spark-worker-2"]);
      // A secret, for the token is in it.
      const value = "http://localhost:45811/lab?token=value of spark-token";
      expect(await resolved(result.jupyterlab)).toEqual({ value, known: true, secret: true });
    }
  },
);

test("a wrong configuration ends the program before anything is registered", async () => {
  const resources: Registration[] = [];
  await expect(runProgram({ workers: "0", wrkers: "1" }, { resources })).rejects.toThrow("2 problems");
  await pulumi.runtime.disconnect();
  expect(resources).toEqual([]);
});
