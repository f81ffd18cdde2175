import * as pulumi from "@pulumi/pulumi";

import { readStackConfig } from "../../../config/stackConfig";
import { deadEngine, fakeEngine } from "../helpers/engine";
import { run } from "../helpers/mocks";
import { stackConfig, Written } from "../helpers/stackConfig";

const configOf = (written: Record<string, Written> = {}, rest: Record<string, string> = {}) => ({
  ...stackConfig({ caCertificates: "none", ports: { jupyterlab: 45_801, sparkUi: 45_802 }, ...written }),
  ...rest,
});

afterEach(() => {
  delete process.env.PULUMI_CONFIG_SECRET_KEYS;
});

test("the engine is the one that docker:host names, and it is asked once", async () => {
  const calls = fakeEngine();
  const config = configOf({}, { "docker:host": "ssh://me@server" });
  const { result } = await run(readStackConfig, { stack: "dev", config });
  expect(result.engineHost).toBe("ssh://me@server");
  expect(result.config).toMatchObject({ stack: "dev", sizes: { workers: 2 } });
  expect(new Set(calls.hosts)).toEqual(new Set(["ssh://me@server"]));
  expect(calls.commands.map(([command]) => command)).toEqual(["info", "ps"]);
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
    expect(warn.mock.calls[0]?.[0]).toMatch(/does not answer: Cannot connect[^]*not checked against it/);
  });

  test("ends an up, with what to do", async () => {
    deadEngine();
    const running = run(readStackConfig, { config: configOf({}, { "docker:host": "unix:///nowhere" }) });
    await expect(running).rejects.toThrow(/The engine at unix:\/\/\/nowhere does not answer: Cannot connect[^]*make up does/);
  });
});

test("an error that is none of the configuration's is not hidden", async () => {
  fakeEngine();
  process.env.PULUMI_CONFIG_SECRET_KEYS = "[1]";
  const config = { ...configOf(), "spark-cluster:workers": null as unknown as string };
  await expect(run(readStackConfig, { config })).rejects.toThrow();
});
