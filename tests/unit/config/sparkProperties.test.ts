import { sparkPropertyProblems } from "../../../config/sparkProperties";
import { source } from "../../../testbed/stackConfig";
import { expectFixed, problemsOf, told } from "../helpers/problems";

const doors: Readonly<Record<string, string>> = {
  authentication: "spark.authenticate spark.authenticate.secret spark.acls.enable spark.admin.acls spark.modify.acls.groups",
  encryption:
    "spark.network.crypto.enabled spark.network.sasl.serverAlwaysEncrypt spark.ssl.enabled spark.io.encryption.keygen.algorithm",
  "master and workers":
    "spark.master spark.master.rest.enabled spark.deploy.defaultCores spark.submit.deployMode spark.worker.cleanup.enabled",
  "the doors of Spark's UI": "spark.ui.killEnabled spark.ui.reverseProxy spark.ui.enabled spark.ui.filters spark.ui.view.acls",
  "addresses and ports": "spark.driver.port spark.driver.host spark.driver.bindAddress spark.blockManager.port",
  "the door of Spark Connect":
    "spark.connect.authenticate.token spark.connect.grpc.binding.address spark.connect.grpc.binding.port",
};

test.each(Object.entries(doors).flatMap(([door, settings]) => settings.split(" ").map((setting) => [setting, door])))(
  "%s is refused: %s",
  (setting, door) => {
    expect(told(sparkPropertyProblems({ [setting]: "x" }))).toEqual([
      {
        key: `sparkProperties["${setting}"]`,
        value: "(not shown)",
        allowed: expect.stringMatching(new RegExp(`^may not be set: ${door}.* the cluster's own$`)) as string,
        fix: `pulumi config rm --path 'sparkProperties["${setting}"]'`,
      },
    ]);
  },
);

test.each([
  ["spark.eventLog.dir", "s3.bucket"],
  ["spark.history.fs.cleaner.maxAge", "eventLogRetention"],
])("%s is refused, because the history server would not read it, and %s is named", (setting, key) => {
  const [problem] = told(sparkPropertyProblems({ [setting]: "x" }));
  expect(problem?.allowed).toMatch(new RegExp(`^may not be set: the history server .*${key}`));
  expect(problem?.fix).toBe(`pulumi config rm --path 'sparkProperties["${setting}"]'`);
});

test.each([
  ["spark.cores.max", "sessions"],
  ["spark.driver.memory", "driverMemory"],
  ["spark.executor.cores", "executorCores"],
  ["spark.executor.memory", "executorMemory"],
  ["spark.executor.pyspark.memory", "pythonMemory"],
  ["spark.memory.offHeap.enabled", "offHeapMemory"],
  ["spark.memory.offHeap.size", "offHeapMemory"],
  ["spark.sql.catalogImplementation", "catalog"],
])("%s is refused in favour of %s", (setting, key) => {
  const [problem] = told(sparkPropertyProblems({ [setting]: "8g" }));
  expect(problem?.allowed).toContain(`has a key of its own, ${key},`);
  expect(problem?.fix).toBe(`pulumi config rm --path 'sparkProperties["${setting}"]' && pulumi config set ${key} ...`);
});

test.each([
  ...["", "spark", "spark.", "sql.shuffle.partitions", "spark.a b", "spark.a=b", "spark.a\nspark.master", " spark.a"],
  ...["spark.ü", "SPARK.master"],
])("%j is no name of a setting", (setting) => {
  const [problem] = told(sparkPropertyProblems({ [setting]: "x" }));
  expect(problem?.allowed).toContain("the name of a Spark setting");
  expect(problem?.fix).toMatch(/^pulumi config rm (sparkProperties|--path 'sparkProperties\["[\w.-]*"\]')$/);
});

test.each(["a\nb", "a\rb", "a\0b"])("a value on more than one line, %j, is refused", (value) => {
  expect(told(sparkPropertyProblems({ "spark.app.name": value }))).toMatchObject([{ allowed: "a value on one line" }]);
});

test("these are the person's to set", () => {
  const free =
    "spark.sql.shuffle.partitions spark.ui.retainedJobs spark.ui.showConsoleProgress spark.jars.packages spark.redis.host spark.hadoop.fs.s3a.proxy.port";
  const settings = [...free.split(" "), "spark.hadoop.fs.s3a.secret.key"];
  expect(sparkPropertyProblems(Object.fromEntries(settings.map((setting) => [setting, "x"])))).toEqual([]);
});

test("every setting that is wrong is named", () => {
  expect(
    told(sparkPropertyProblems({ "spark.master": "x", "spark.a": "x", "spark.ssl.enabled": "x" })).map(({ key }) => key),
  ).toEqual(['sparkProperties["spark.master"]', 'sparkProperties["spark.ssl.enabled"]']);
});

test("a Spark Connect server is refused with a Spark whose server knows no token, and with none else", () => {
  const written = { sparkConnect: "true", sparkVersion: "3.5.9" };
  expectFixed(written, {
    key: "sparkConnect",
    value: "true",
    allowed: "false with Spark 3.5.9: before Spark 4.0 its Connect server knows no token, and serves whoever reaches its port",
    fix: "pulumi config set sparkVersion 4.1.4",
  });
  expect(problemsOf(source({ sparkVersion: "3.5.9" }))).toEqual([]);
});
