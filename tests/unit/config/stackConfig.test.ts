import childProcess from "node:child_process";

import * as pulumi from "@pulumi/pulumi";

import { readStackConfig } from "../../../config/stackConfig";
import { stackConfig, Written } from "../../../testbed/stackConfig";
import { deadEngine, fakeEngine } from "../helpers/engine";
import { run } from "../helpers/mocks";
import { onNfs, onSwarm } from "../helpers/swarm";

const ports = { jupyterlab: 45_801, sparkUi: 45_802, historyServer: 45_803 };

/** Reads what a person has written, and where the engine is. */
const read = (written: Record<string, Written> = {}, rest: { readonly host?: string; readonly preview?: boolean } = {}) => {
  const config = stackConfig({ caCertificates: "none", ports, ...written });
  const host: Record<string, string> = rest.host === undefined ? {} : { "docker:host": rest.host };
  return run(readStackConfig, { stack: "dev", preview: rest.preview, config: { ...config, ...host } });
};
const warnings = () => jest.spyOn(pulumi.log, "warn").mockResolvedValue();

/** That reading ends as an error which Pulumi shows without a stack trace. */
async function expectRefused(reading: Promise<unknown>, message: string | RegExp): Promise<void> {
  await expect(reading).rejects.toThrow(pulumi.RunError);
  await expect(reading).rejects.toThrow(message);
}

const { DOCKER_HOST } = process.env;
afterEach(() => {
  delete process.env.PULUMI_CONFIG_SECRET_KEYS;
  delete process.env.SPARK_CLUSTER_IMAGES_ONLY;
  delete process.env.DOCKER_HOST;
  Object.assign(process.env, DOCKER_HOST === undefined ? {} : { DOCKER_HOST });
});

test.each([
  ["docker", "ssh://me@server"],
  ["podman", "unix:///podman.sock"],
] as const)("the engine is the one that docker:host names, and it is asked once, by its own client: %s", async (kind, host) => {
  const calls = fakeEngine({ kind, architecture: kind === "docker" ? "aarch64" : "arm64" });
  const { result } = await read({ engine: kind }, { host });
  expect(result.engine).toEqual({ kind, host });
  expect(result.config).toMatchObject({ stack: "dev", sizes: { workers: 2 }, supply: { architecture: "arm64" } });
  expect([new Set(calls.hosts), new Set(calls.programs)]).toEqual([new Set([host]), new Set([kind])]);
  expect(calls.commands.map(([command]) => command)).toEqual(["info", "ps", ...(kind === "docker" ? ["image"] : [])]);
});

test.each([
  ["docker:host", { host: "ssh://me@stack" }, "ssh://me@stack"],
  ["DOCKER_HOST", {}, "ssh://me@shell"],
])("a Podman behind ssh is refused, and the way that leads there is said, where %s names it", async (_, rest, host) => {
  process.env.DOCKER_HOST = "ssh://me@shell";
  const calls = fakeEngine({ kind: "podman" });
  await expectRefused(read({ engine: "podman" }, rest), /1 problem in the configuration[^]*ssh -N -L/);
  await expect(read({ engine: "podman" }, rest)).rejects.toThrow(`docker:host: "${host}"`);
  expect(new Set(calls.hosts)).toEqual(new Set([host]));
  deadEngine();
  warnings();
  await expectRefused(read({ engine: "podman" }, { ...rest, preview: true }), `docker:host: "${host}"`);
});

test.each([false, true])("a Podman that is taken for Docker is refused, with what to do (preview: %s)", async (preview) => {
  fakeEngine({ kind: "podman" });
  await expectRefused(read({}, { preview }), "pulumi config set engine podman");
});

test("a kind of engine that there is not is refused together with the other problems", async () => {
  fakeEngine();
  await expectRefused(read({ engine: "containerd", workers: "0" }), /2 problems[^]*engine: "containerd"/);
});

describe("where only images are made", () => {
  const containers = () => [{ id: "1", name: "web", ports: { "80/tcp": [{ HostPort: "45802" }] } }];
  beforeEach(() => {
    process.env.SPARK_CLUSTER_IMAGES_ONLY = "true";
    fakeEngine({ cpus: 1, memory: 1024 ** 3, architecture: "aarch64", containers });
  });

  test("sizes, ports and their exposure are not checked, the processor and what is wrong by itself are", async () => {
    const warn = warnings();
    expect((await read({ bindAddress: "192.168.1.20" })).result.config.supply.architecture).toBe("arm64");
    expect(warn).not.toHaveBeenCalled();
    await expectRefused(read({ workers: "0" }), "workers");
  });

  test("a swarm is asked for nothing", async () => {
    const calls = fakeEngine();
    const { result } = await read({ ...onSwarm, imageSource: "build" });
    expect(result.config.swarm).toMatchObject({ manager: undefined, workerNodes: [] });
    expect(calls.commands.map(([command]) => command)).toEqual(["info", "ps", "image"]);
  });

  test("is not where the variable says something else", async () => {
    process.env.SPARK_CLUSTER_IMAGES_ONLY = "false";
    await expectRefused(read(), /container web[^]*1 CPUs|1 CPUs[^]*container web/);
  });
});

test("a configuration that is larger than the engine is refused in a preview", async () => {
  fakeEngine({ cpus: 1 });
  await expectRefused(read({}, { preview: true }), "at most the engine's 1 CPUs");
});

test("a value that Pulumi holds as a secret is not shown", async () => {
  fakeEngine();
  process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(["spark-cluster:httpProxy"]);
  const error: unknown = await read({ httpProxy: "me:hunter2@proxy", aptMirror: "mirror" }).catch((reason: unknown) => reason);
  expect(String(error)).toContain("httpProxy: (secret)");
  expect(String(error)).toContain('aptMirror: "mirror"');
  expect(String(error)).not.toContain("hunter2");
});

test("an address that this machine does not have is refused", async () => {
  fakeEngine();
  await expectRefused(read({ bindAddress: "203.0.113.7" }), /bindAddress: "203.0.113.7"[^]*the engine's machine has/);
});

test("a port that another stack's container publishes is refused, with its name", async () => {
  const other = { id: "1", name: "spark-cluster-other-master", labels: { "spark-cluster.stack": "other" } };
  fakeEngine({ containers: () => [{ ...other, ports: { "8080/tcp": [{ HostPort: "45802" }] } }] });
  await expectRefused(read(), "held by container spark-cluster-other-master of stack other");
});

test.each([true, false])("a port that another container of the stack publishes is refused (preview: %s)", async (preview) => {
  const labels = { "spark-cluster.stack": "dev", "spark-cluster.role": "history-server" };
  fakeEngine({ containers: () => [{ id: "1", name: "history", labels, ports: { "18080/tcp": [{ HostPort: "45801" }] } }] });
  await expectRefused(
    read({ historyServer: "false" }, { preview }),
    /ports\.jupyterlab: 45801[^]*history holds 45801[^]*&& make up/,
  );
});

describe("an engine that does not answer", () => {
  test.each<[Record<string, Written>, object]>([
    [{ workers: "1000" }, { sizes: { workers: 1000 } }],
    [
      { ...onSwarm, workers: "per-node" },
      { sizes: { workers: 1 }, swarm: { perNode: true, manager: undefined } },
    ],
  ])("is a warning in a preview, and sizes and ports are not checked against it: %j", async (written, expected) => {
    deadEngine();
    const warn = warnings();
    expect((await read(written, { preview: true })).result.config).toMatchObject(expected);
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/No docker engine answers at .*: Cannot connect[^]*not checked against it/)],
    ]);
  });

  test.each(["docker", "podman"])("ends an up, with what to do: %s", async (engine) => {
    deadEngine();
    const message = new RegExp(`No ${engine} engine answers at unix:///nowhere: Cannot connect[^]*make up does`);
    await expectRefused(read({ engine }, { host: "unix:///nowhere" }), message);
  });
});

test("an error that is none of the configuration's is not hidden", async () => {
  fakeEngine();
  process.env.PULUMI_CONFIG_SECRET_KEYS = "[1]";
  const config = { ...stackConfig(), "spark-cluster:workers": null as unknown as string };
  const reading = run(readStackConfig, { config });
  await expect(reading).rejects.toThrow();
  await expect(reading).rejects.not.toThrow(pulumi.RunError);
});

test("an engine that cannot limit containers is a warning, and the components know", async () => {
  fakeEngine({ kind: "podman", rootlessOn: "v1" });
  const warn = warnings();
  expect((await read({ engine: "podman" })).result.config.limits).toBe(false);
  expect(warn.mock.calls).toEqual([[expect.stringContaining("cannot limit")]]);
});

test.each([true, false])("ports that are open to others are a warning on every run (preview: %s)", async (preview) => {
  fakeEngine();
  const warn = warnings();
  await read({ bindAddress: "192.168.1.20" }, { preview, host: "ssh://server" });
  expect(warn.mock.calls).toEqual([[expect.stringMatching(/192\.168\.1\.20[^]*45801[^]*bindAddress 127\.0\.0\.1/)]]);
});

describe("a stack on a swarm", () => {
  const host = "ssh://manager";
  const nodes = [
    { id: "a", labels: { disk: "ssd" } },
    { id: "b", cpus: 3 },
  ];

  test("is checked against its machines, which the manager is asked for once", async () => {
    const calls = fakeEngine({ cpus: 1, memory: 1024 ** 3, swarm: { nodes } });
    const written = { ...onSwarm, ...onNfs, workers: "per-node", placement: { master: "disk=ssd" } };
    const { result } = await read(written, { host });
    expect(result.config).toMatchObject({ sizes: { workers: 2 }, swarm: { manager: "a", workerNodes: ["a", "b"] } });
    const asked = calls.commands.map(([command, verb]) => `${command ?? ""} ${verb ?? ""}`);
    expect(asked).toEqual(["info --format", "ps --quiet", "info --format", "node ls", "node inspect"]);
  });

  test.each([false, true])("that is larger than they are is refused (preview: %s)", async (preview) => {
    fakeEngine({ swarm: { nodes } });
    const reading = read({ ...onSwarm, ...onNfs, workerCores: "4" }, { host, preview });
    await expectRefused(reading, "at most the smallest node's 3 CPUs");
  });

  test("whose engine is in no swarm ends without a stack trace", async () => {
    fakeEngine();
    await expectRefused(read(onSwarm, { host }), "The engine at ssh://manager is in no swarm: docker swarm init");
  });

  test("whose manager fails on the way is an error of its own", async () => {
    fakeEngine({ swarm: { nodes } });
    const asked = jest.mocked(childProcess.execFileSync).getMockImplementation()!;
    jest.spyOn(childProcess, "execFileSync").mockImplementation((program, args, options) => {
      if (args?.includes("node") === true) {
        throw new Error("The swarm does not have a leader");
      }
      return asked(program, args, options);
    });
    const reading = read(onSwarm, { host });
    await expect(reading).rejects.toThrow("does not have a leader");
    await expect(reading).rejects.not.toThrow(pulumi.RunError);
  });

  test("is refused on Podman together with the other problems, and Podman is asked for no swarm", async () => {
    const calls = fakeEngine({ kind: "podman" });
    const reading = read({ ...onSwarm, engine: "podman", workers: "0" }, { host: "unix:///podman.sock" });
    await expectRefused(reading, /2 problems[^]*a swarm is made of Docker engines/);
    expect(calls.commands.map(([command]) => command)).toEqual(["info", "ps"]);
  });
});
