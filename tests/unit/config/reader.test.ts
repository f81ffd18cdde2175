import { readConfig } from "../../../config/reader";
import { errorOf, problemsOf, source, stackConfig } from "../helpers/stackConfig";

test("the defaults of Pulumi.yaml are a whole configuration", () => {
  expect(readConfig(source())).toEqual({
    stack: "unit",
    sizes: {
      workers: 2,
      workerCores: 2,
      workerMemory: 1024,
      executorCores: 1,
      executorMemory: 512,
      driverMemory: 1024,
      pythonMemory: 512,
      sessions: 2,
      ideMemory: 512,
      masterMemory: 512,
      daemonMemory: 256,
      tmpMemory: 128,
      historyServer: true,
      historyMemory: 512,
      sparkConnect: false,
      catalog: "session",
      catalogMemory: 256,
      ideCores: 2,
      daemonCores: 2,
    },
    limits: true,
    images: {
      baseImage: "docker.io/library/debian:bookworm-slim",
      sparkVersion: "4.1.4",
      extraPythonPackages: [],
      extraJars: [],
      s3: false,
      rebuild: "",
    },
    supply: { source: "build", registry: "", tag: "", user: "", password: "", architecture: "amd64" },
    packageSources: { certificates: "", pipIndexUrl: "", aptMirror: "", mavenMirror: "", httpProxy: "", noProxy: "" },
    bindAddress: "127.0.0.1",
    ports: { jupyterlab: 8888, sparkUi: 8080, historyServer: 18080, sparkConnect: 15002 },
    tls: "none",
    eventLogRetention: "30d",
    workRetention: "1h",
    logSize: 10,
    logFiles: 3,
    pidsLimit: 2048,
    s3: undefined,
    sparkProperties: {},
    tokenGeneration: "1",
    secretGeneration: "1",
    readyTimeout: 180,
  });
});

test("what is written goes where it belongs", () => {
  const config = readConfig(
    source({
      workers: "3",
      driverMemory: "2g",
      sparkVersion: "3.5.9",
      baseImage: "registry.example.com:5000/debian:12",
      rebuild: "2026-01-31",
      pipIndexUrl: "https://pip.example.com/simple/",
      aptMirror: "http://apt.example.com//",
      mavenMirror: "https://maven.example.com/maven2/",
      httpProxy: "http://me:pass%20word@proxy:3128",
      noProxy: "localhost,.example.com",
      bindAddress: "::1",
      ports: { sparkUi: 9090 },
      historyServer: "false",
      eventLogRetention: "12h",
      sparkProperties: { "spark.sql.shuffle.partitions": 8, "spark.sql.adaptive.enabled": false, "spark.app.name": "x = y" },
      tokenGeneration: "2",
      secretGeneration: "b",
      readyTimeout: "60",
    }),
  );
  expect(config).toMatchObject({
    sizes: { workers: 3, driverMemory: 2048, historyServer: false },
    images: { baseImage: "registry.example.com:5000/debian:12", sparkVersion: "3.5.9", rebuild: "2026-01-31" },
    packageSources: {
      pipIndexUrl: "https://pip.example.com/simple",
      aptMirror: "http://apt.example.com",
      mavenMirror: "https://maven.example.com/maven2",
      httpProxy: "http://me:pass%20word@proxy:3128",
      noProxy: "localhost,.example.com",
    },
    bindAddress: "::1",
    ports: { jupyterlab: 8888, sparkUi: 9090, historyServer: 18080, sparkConnect: 15002 },
    eventLogRetention: "12h",
    sparkProperties: { "spark.sql.shuffle.partitions": "8", "spark.sql.adaptive.enabled": "false", "spark.app.name": "x = y" },
    tokenGeneration: "2",
    secretGeneration: "b",
    readyTimeout: 60,
  });
});

test("keys of other namespaces are none of its business", () => {
  const values = { ...source().values, "docker:host": "ssh://me@server", "aws:wrkers": "x", plain: "x" };
  expect(errorOf(source({}, { values }))).toBeUndefined();
});

test("keys without a value are all named, with the file whose defaults are gone", () => {
  const problems = problemsOf(source({}, { values: {} }));
  expect(problems.map(({ key }) => key)).toEqual(Object.keys(stackConfig()).map((name) => name.replace("spark-cluster:", "")));
  expect(new Set(problems.map(({ mend }) => mend))).toEqual(new Set(["git checkout Pulumi.yaml"]));
});

test("every problem is said at once, in one error that names the stack and says that nothing was changed", () => {
  const error = errorOf(
    source({
      workers: "0",
      wrkers: "2",
      driverMemory: "1.5g",
      executorCores: "2",
      ports: { ui: 1 },
      sparkProperties: { "spark.master": "local" },
    }),
  );
  expect(error?.problems.map(({ key }) => key).sort()).toEqual([
    "driverMemory",
    "ports.ui",
    'sparkProperties["spark.master"]',
    "workers",
    "wrkers",
  ]);
  expect(error?.name).toBe("ConfigError");
  expect(error?.message).toContain("5 problems in the configuration of stack unit; nothing was changed.");
  for (const problem of error?.problems ?? []) {
    expect(error?.message).toContain(`  ${problem.key}: ${problem.value}\n      ${problem.allowed}\n      ${problem.mend}`);
  }
});

test("one problem is one problem", () => {
  expect(errorOf(source({ workers: "0" }))?.message).toContain("1 problem in the configuration");
});
