import childProcess from "node:child_process";

import * as pulumi from "@pulumi/pulumi";

import { readStackConfig } from "../../../config/stackConfig";
import { deadEngine, fakeEngine } from "../helpers/engine";
import { run } from "../helpers/mocks";
import { stackConfig, Written } from "../helpers/stackConfig";
import { onNfs, onSwarm } from "../helpers/swarm";

const configOf = (written: Record<string, Written> = {}, rest: Record<string, string> = {}) => ({
  ...stackConfig({ caCertificates: "none", ports: { jupyterlab: 45_801, sparkUi: 45_802, historyServer: 45_803 }, ...written }),
  ...rest,
});

afterEach(() => {
  delete process.env.PULUMI_CONFIG_SECRET_KEYS;
});

test("the engine is the one that docker:host names, and it is asked once", async () => {
  const calls = fakeEngine();
  const config = configOf({}, { "docker:host": "ssh://me@server" });
  const { result } = await run(readStackConfig, { stack: "dev", config });
  expect(result.engine).toEqual({ kind: "docker", host: "ssh://me@server" });
  expect(result.config).toMatchObject({ stack: "dev", sizes: { workers: 2 } });
  expect(new Set(calls.hosts)).toEqual(new Set(["ssh://me@server"]));
  expect(calls.commands.map(([command]) => command)).toEqual(["info", "ps"]);
});

test("an engine of the other kind is asked with its own client", async () => {
  const calls = fakeEngine({ kind: "podman" });
  const config = configOf({ engine: "podman" }, { "docker:host": "unix:///podman.sock" });
  const { result } = await run(readStackConfig, { config });
  expect(result.engine).toEqual({ kind: "podman", host: "unix:///podman.sock" });
  expect(new Set(calls.programs)).toEqual(new Set(["podman"]));
});

describe("a Podman behind ssh is refused, and the way that leads there is said,", () => {
  const { DOCKER_HOST } = process.env;
  afterEach(() => {
    delete process.env.DOCKER_HOST;
    Object.assign(process.env, DOCKER_HOST === undefined ? {} : { DOCKER_HOST });
  });

  test.each<[string, Record<string, string>, string]>([
    ["docker:host", { "docker:host": "ssh://me@stack" }, "ssh://me@stack"],
    ["DOCKER_HOST", {}, "ssh://me@shell"],
  ])("where %s names it", async (_, rest, host) => {
    process.env.DOCKER_HOST = "ssh://me@shell";
    const calls = fakeEngine({ kind: "podman" });
    const running = run(readStackConfig, { config: configOf({ engine: "podman" }, rest) });
    await expect(running).rejects.toThrow(pulumi.RunError);
    await expect(running).rejects.toThrow(`1 problem in the configuration`);
    await expect(running).rejects.toThrow(`docker:host: "${host}"`);
    expect(new Set(calls.hosts)).toEqual(new Set([host]));
  });

  test("in a preview, even if it does not answer", async () => {
    process.env.DOCKER_HOST = "ssh://me@shell";
    deadEngine();
    jest.spyOn(pulumi.log, "warn").mockResolvedValue();
    const running = run(readStackConfig, { preview: true, config: configOf({ engine: "podman" }) });
    await expect(running).rejects.toThrow(/docker:host: "ssh:\/\/me@shell"[^]*ssh -N -L/);
  });
});

test.each([false, true])("a Podman that is taken for Docker is refused, with what to do (preview: %s)", async (preview) => {
  fakeEngine({ kind: "podman" });
  const running = run(readStackConfig, { preview, config: configOf() });
  await expect(running).rejects.toThrow(pulumi.RunError);
  await expect(running).rejects.toThrow("pulumi config set engine podman");
});

test("a kind of engine that there is not is refused together with the other problems", async () => {
  fakeEngine();
  const running = run(readStackConfig, { config: configOf({ engine: "containerd", workers: "0" }) });
  await expect(running).rejects.toThrow(/2 problems[^]*engine: "containerd"/);
});

test("the images are those for the engine's processor", async () => {
  fakeEngine({ architecture: "aarch64" });
  const { result } = await run(readStackConfig, { config: configOf() });
  expect(result.config.supply.architecture).toBe("arm64");
});

describe("where only images are made", () => {
  const crowded = {
    cpus: 1,
    memory: 1024 ** 3,
    architecture: "aarch64",
    containers: () => [{ id: "1", name: "web", ports: { "80/tcp": [{ HostPort: "45802" }] } }],
  };

  afterEach(() => {
    delete process.env.SPARK_CLUSTER_IMAGES_ONLY;
  });

  test("sizes and ports are not checked against the engine, whose processor counts all the same", async () => {
    process.env.SPARK_CLUSTER_IMAGES_ONLY = "true";
    fakeEngine(crowded);
    const { result } = await run(readStackConfig, { config: configOf() });
    expect(result.config.supply.architecture).toBe("arm64");
  });

  test("is not where the variable says something else", async () => {
    process.env.SPARK_CLUSTER_IMAGES_ONLY = "false";
    fakeEngine(crowded);
    await expect(run(readStackConfig, { config: configOf() })).rejects.toThrow(/container web[^]*1 CPUs|1 CPUs[^]*container web/);
  });

  test("what is wrong by itself is refused", async () => {
    process.env.SPARK_CLUSTER_IMAGES_ONLY = "true";
    fakeEngine(crowded);
    await expect(run(readStackConfig, { config: configOf({ workers: "0" }) })).rejects.toThrow("workers");
  });
});

test("a configuration that is larger than the engine is refused in a preview", async () => {
  fakeEngine({ cpus: 1 });
  await expect(run(readStackConfig, { preview: true, config: configOf() })).rejects.toThrow("at most the engine's 1 CPUs");
});

test("problems end the program as an error without a stack trace", async () => {
  fakeEngine();
  await expect(run(readStackConfig, { config: configOf({ workers: "0" }) })).rejects.toThrow(pulumi.RunError);
});

test("a value that Pulumi holds as a secret is not shown", async () => {
  fakeEngine();
  process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(["spark-cluster:httpProxy"]);
  const config = configOf({ httpProxy: "me:hunter2@proxy", aptMirror: "mirror" });
  const error: unknown = await run(readStackConfig, { config }).catch((reason: unknown) => reason);
  expect(String(error)).toContain("httpProxy: (secret)");
  expect(String(error)).toContain('aptMirror: "mirror"');
  expect(String(error)).not.toContain("hunter2");
});

test("a port that another stack's container publishes is refused, with its name", async () => {
  fakeEngine({
    containers: () => [
      {
        id: "1",
        name: "spark-cluster-other-master",
        labels: { "spark-cluster.stack": "other" },
        ports: { "8080/tcp": [{ HostPort: "45802" }] },
      },
    ],
  });
  const running = run(readStackConfig, { config: configOf() });
  await expect(running).rejects.toThrow("held by container spark-cluster-other-master of stack other");
});

describe("an engine that does not answer", () => {
  test("is a warning in a preview, and sizes and ports are not checked against it", async () => {
    deadEngine();
    const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
    const { result } = await run(readStackConfig, { preview: true, config: configOf({ workers: "1000" }) });
    expect(result.config.sizes.workers).toBe(1000);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toMatch(/No docker engine answers at .*: Cannot connect[^]*not checked against it/);
  });

  test("ends an up, with what to do", async () => {
    deadEngine();
    const running = run(readStackConfig, { config: configOf({}, { "docker:host": "unix:///nowhere" }) });
    await expect(running).rejects.toThrow(/No docker engine answers at unix:\/\/\/nowhere: Cannot connect[^]*make up does/);
  });
});

test("an error that is none of the configuration's is not hidden", async () => {
  fakeEngine();
  process.env.PULUMI_CONFIG_SECRET_KEYS = "[1]";
  const config = { ...configOf(), "spark-cluster:workers": null as unknown as string };
  await expect(run(readStackConfig, { config })).rejects.toThrow();
});

test("an engine that cannot limit containers is a warning, and the components know", async () => {
  fakeEngine({ kind: "podman", rootlessOn: "v1" });
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
  const { result } = await run(readStackConfig, { config: configOf({ engine: "podman" }) });
  expect(result.config.limits).toBe(false);
  expect(warn.mock.calls).toEqual([[expect.stringContaining("cannot limit")]]);
});

describe("ports that are open to others", () => {
  const open = () => configOf({ bindAddress: "192.168.1.20" });

  test.each([true, false])("are a warning on every run (preview: %s)", async (preview) => {
    fakeEngine();
    const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
    await run(readStackConfig, { preview, config: open() });
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/192\.168\.1\.20[^]*45801[^]*bindAddress 127\.0\.0\.1/)]]);
  });

  test("are none where only images are made", async () => {
    fakeEngine();
    const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
    process.env.SPARK_CLUSTER_IMAGES_ONLY = "true";
    await run(readStackConfig, { config: open() });
    delete process.env.SPARK_CLUSTER_IMAGES_ONLY;
    expect(warn).not.toHaveBeenCalled();
  });
});

describe("a stack on a swarm", () => {
  const onASwarm = (written: Record<string, Written> = {}) =>
    configOf({ ...onSwarm, ...written }, { "docker:host": "ssh://manager" });
  const nodes = [
    { id: "a", labels: { disk: "ssd" } },
    { id: "b", cpus: 3 },
  ];

  test("is checked against its machines, which the manager is asked for once", async () => {
    const calls = fakeEngine({ cpus: 1, memory: 1024 ** 3, swarm: { nodes } });
    const written = { ...onNfs, workers: "per-node", placement: { master: "disk=ssd" } };
    const { result } = await run(readStackConfig, { config: onASwarm(written) });
    expect(result.config).toMatchObject({ sizes: { workers: 2 }, swarm: { manager: "a", workerNodes: ["a", "b"] } });
    expect(calls.commands.map(([command, verb]) => `${command ?? ""} ${verb ?? ""}`)).toEqual([
      "info --format",
      "ps --quiet",
      "info --format",
      "node ls",
      "node inspect",
    ]);
  });

  test.each([false, true])("that is larger than they are is refused (preview: %s)", async (preview) => {
    fakeEngine({ swarm: { nodes } });
    const running = run(readStackConfig, { preview, config: onASwarm({ ...onNfs, workerCores: "4" }) });
    await expect(running).rejects.toThrow("at most the smallest node's 3 CPUs");
  });

  test.each([
    ["in no swarm", undefined, "is in no swarm: docker swarm init"],
    ["a worker of one", { manager: false }, "is a worker of its swarm: name a manager"],
  ])("whose engine is %s ends without a stack trace", async (_, swarm, message) => {
    fakeEngine({ swarm });
    const running = run(readStackConfig, { config: onASwarm() });
    await expect(running).rejects.toThrow(pulumi.RunError);
    await expect(running).rejects.toThrow(`The engine at ssh://manager ${message}`);
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
    const running = run(readStackConfig, { config: onASwarm() });
    await expect(running).rejects.toThrow("does not have a leader");
    await expect(running).rejects.not.toThrow(pulumi.RunError);
  });

  test("is refused on Podman together with the other problems, and Podman is asked for no swarm", async () => {
    const calls = fakeEngine({ kind: "podman" });
    const config = { ...onASwarm({ engine: "podman", workers: "0" }), "docker:host": "unix:///podman.sock" };
    await expect(run(readStackConfig, { config })).rejects.toThrow(/2 problems[^]*a swarm is made of Docker engines/);
    expect(calls.commands.map(([command]) => command)).toEqual(["info", "ps"]);
  });

  test("is asked for nothing of its swarm where only images are made", async () => {
    process.env.SPARK_CLUSTER_IMAGES_ONLY = "true";
    const calls = fakeEngine();
    const { result } = await run(readStackConfig, { config: onASwarm({ imageSource: "build" }) });
    delete process.env.SPARK_CLUSTER_IMAGES_ONLY;
    expect(result.config.swarm).toMatchObject({ manager: undefined, workerNodes: [] });
    expect(calls.commands.map(([command]) => command)).toEqual(["info", "ps"]);
  });

  test("whose engine does not answer is a warning in a preview, and is checked against nothing", async () => {
    deadEngine();
    const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
    const { result } = await run(readStackConfig, { preview: true, config: onASwarm({ workers: "per-node" }) });
    expect(result.config).toMatchObject({ sizes: { workers: 1 }, swarm: { perNode: true, manager: undefined } });
    expect(warn).toHaveBeenCalledTimes(1);
  });
});
