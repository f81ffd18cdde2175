import { readConfig } from "../../../config/reader";
import { errorOf, told } from "../helpers/problems";
import { source } from "../../../testbed/stackConfig";

test("the defaults of Pulumi.yaml are a whole configuration", () => {
  const { sizes, images, supply, packageSources, ports, ...others } = readConfig(source());
  expect(sizes).toMatchObject({ workers: 2, workerMemory: 1024, historyServer: true, sparkConnect: false, catalog: "shared" });
  expect(images).toMatchObject({ sparkVersion: "4.1.4", extraPythonPackages: [], extraJars: [], s3: false, rebuild: "" });
  expect(supply).toEqual({ source: "build", registry: "", tag: "", user: "", password: "", architecture: "amd64" });
  expect(Object.values(packageSources)).toEqual(Array(7).fill(""));
  expect(ports).toEqual({
    jupyterlab: 8888,
    sparkUi: 8080,
    historyServer: 18080,
    sparkConnect: 15002,
    metrics: 9095,
    objectStore: 7070,
  });
  expect(others).toEqual({
    ...{
      stack: "unit",
      limits: true,
      bridgeMoves: false,
      bindAddress: "127.0.0.1",
      basePath: "",
      tls: "none",
      folders: { workspace: undefined, others: [], user: undefined, userns: undefined },
      s3: undefined,
      sparkProperties: {},
      timeZone: "UTC",
    },
    ...{ eventLogRetention: "30d", workRetention: "1h", idleTimeout: "none", logSize: 10, logFiles: 3, pidsLimit: 2048 },
    ...{ tokenGeneration: "1", secretGeneration: "1", readyTimeout: 180, swarm: undefined },
  });
});

test("what is written goes where it belongs", () => {
  const images = { sparkVersion: "3.5.9", baseImage: "registry.example.com:5000/debian:12", rebuild: "2026-01-31" };
  const sources = { httpProxy: "http://me:pass%20word@proxy:3128", noProxy: "localhost,.example.com" };
  const same = { bindAddress: "::1", eventLogRetention: "12h", tokenGeneration: "2", secretGeneration: "b" };
  const config = readConfig(
    source({
      ...{ ...images, ...sources, ...same, workers: "3", driverMemory: "2g", historyServer: "false", readyTimeout: "60" },
      pipIndexUrl: "https://pip.example.com/simple/",
      aptMirror: "http://apt.example.com//",
      mavenMirror: "https://maven.example.com/maven2/",
      ports: { sparkUi: 9090 },
      sparkProperties: { "spark.sql.shuffle.partitions": 8, "spark.sql.adaptive.enabled": false, "spark.app.name": "x = y" },
    }),
  );
  expect(config).toMatchObject({
    ...{ ...same, images, sizes: { workers: 3, driverMemory: 2048, historyServer: false }, readyTimeout: 60 },
    packageSources: {
      ...sources,
      pipIndexUrl: "https://pip.example.com/simple",
      aptMirror: "http://apt.example.com",
      mavenMirror: "https://maven.example.com/maven2",
    },
    ports: { jupyterlab: 8888, sparkUi: 9090, historyServer: 18080, sparkConnect: 15002, metrics: 9095, objectStore: 7070 },
    sparkProperties: { "spark.sql.shuffle.partitions": "8", "spark.sql.adaptive.enabled": "false", "spark.app.name": "x = y" },
  });
});

test("keys of other namespaces are none of its business", () => {
  const values = { ...source().values, "docker:host": "ssh://me@server", "aws:wrkers": "x", plain: "x" };
  expect(errorOf(source({}, { values }))).toBeUndefined();
});

test("keys without a value have their defaults", () => {
  const values = { "spark-cluster:caCertificates": "none" };
  expect(readConfig(source({}, { values }))).toEqual(readConfig(source()));
});

test("every problem is said at once, in one error that names the stack and says that nothing was changed", () => {
  const wrong = { workers: "0", wrkers: "2", driverMemory: "1.5g", executorCores: "2" };
  const error = errorOf(source({ ...wrong, ports: { ui: 1 }, sparkProperties: { "spark.master": "local" } }));
  expect(error?.problems.map(({ key }) => key).sort()).toEqual([
    "driverMemory",
    "ports.ui",
    'sparkProperties["spark.master"]',
    "workers",
    "wrkers",
  ]);
  expect(error?.name).toBe("ConfigError");
  expect(error?.message).toContain("5 problems in the configuration of stack unit; nothing was changed.");
  expect(errorOf(source({ workers: "0" }))?.message).toContain("1 problem in the configuration");
  for (const problem of told(error?.problems ?? [])) {
    expect(error?.message).toContain(`  ${problem.key}: ${problem.value}\n      ${problem.allowed}\n      ${problem.fix}`);
  }
});
