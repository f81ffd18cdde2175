import { parse } from "dot-properties";
import fc from "fast-check";

import {
  catalogFiles,
  connectProperties,
  daemonProperties,
  driverProperties,
  DriverSecrets,
  historyProperties,
} from "../../../spark/properties";
import { redaction } from "../../../spark/redaction";
import { objectStoreBuckets } from "../../../spark/objectStore";
import { speedProperties } from "../../../spark/speed";
import { ClusterConfig, SwarmConfig } from "../../../config/clusterConfig";
import { clusterConfig } from "../../../testbed/stackConfig";
import { anyText } from "../helpers/hostile";

const url = "http://localhost:8080";
const addresses = { sparkUi: url, historyServer: "http://localhost:18080" };
const secret = "s3cret";

const hostile = fc
  .oneof(
    anyText(200),
    fc.string({
      unit: fc.constantFrom("\\", " ", "=", ":", "#", "!", "\t", "\f", "ü", "😀", "\u2028", "a", "u0041"),
      maxLength: 150,
    }),
  )
  .filter((text) => !/[\r\n\0\p{Cs}]/u.test(text));
const setting = fc.stringMatching(/^spark\.x[\w.-]{1,60}$/);

test("whatever a value holds, Spark reads it as it was written", () => {
  fc.assert(
    fc.property(fc.dictionary(setting, hostile), (sparkProperties) => {
      const read = parse(driverProperties({ ...clusterConfig(), sparkProperties }, url, { rpcSecret: secret }));
      expect(read).toMatchObject(sparkProperties);
    }),
    { numRuns: 500 },
  );
});

test("the secret is read as it was written, by daemons and drivers alike", () => {
  fc.assert(
    fc.property(hostile, (value) => {
      expect(parse(daemonProperties(clusterConfig(), addresses, value))["spark.authenticate.secret"]).toBe(value);
      expect(parse(driverProperties(clusterConfig(), url, { rpcSecret: value }))["spark.authenticate.secret"]).toBe(value);
    }),
  );
});

/** What drivers of a configuration read. */
const driver = (config: ClusterConfig = clusterConfig(), secrets: DriverSecrets = { rpcSecret: secret }) =>
  parse(driverProperties(config, url, secrets));
const daemon = (config: ClusterConfig = clusterConfig()) => parse(daemonProperties(config, addresses, secret));

test("drivers get the sizes of the configuration", () => {
  const config = clusterConfig({
    ...{ workers: "3", executorCores: "2", workerCores: "4", executorMemory: "600m", workerMemory: "2g" },
    ...{ driverMemory: "2g", pythonMemory: "300m" },
  });
  expect(driver(config)).toEqual({
    "spark.driver.bindAddress": "0.0.0.0",
    "spark.driver.host": "jupyterlab",
    "spark.driver.memory": "2g",
    "spark.ui.port": "0",
    "spark.executor.cores": "2",
    "spark.executor.memory": "600m",
    "spark.executor.pyspark.memory": "300m",
    "spark.python.daemon.module": "spark_cluster.daemon",
    "spark.python.worker.faulthandler.enabled": "true",
    "spark.sql.execution.pyspark.udf.faulthandler.enabled": "true",
    "spark.task.reaper.enabled": "true",
    "spark.task.reaper.killTimeout": "10s",
    "spark.task.reaper.pollingInterval": "1s",
    "spark.task.reaper.threadDump": "false",
    "spark.cores.max": "6",
    "spark.sql.shuffle.partitions": "24",
    "spark.sql.warehouse.dir": "file:///opt/workspace/spark-warehouse",
    "spark.hadoop.fs.file.impl": "org.apache.spark.sharedwrites.SharedFileSystem",
    "spark.hadoop.fs.AbstractFileSystem.file.impl": "org.apache.hadoop.fs.local.SharedFs",
    "spark.hadoop.spark-cluster.shared": "/opt/workspace",
    "spark.hadoop.spark-cluster.temporary": "file:///opt/workspace/.spark-cluster/temporary",
    "spark.sql.sources.commitProtocolClass": "org.apache.spark.sharedwrites.SharedCommits",
    ...speedProperties(config.sizes),
    "spark.eventLog.enabled": "true",
    "spark.eventLog.dir": "file:///opt/workspace/.spark-cluster/event-log",
    "spark.eventLog.compress": "true",
    "spark.eventLog.rolling.enabled": "true",
    ...redaction,
    "spark.authenticate": "true",
    "spark.authenticate.secret": secret,
    "spark.network.crypto.enabled": "true",
    "spark.network.crypto.authEngineVersion": "2",
    "spark.network.crypto.saslFallback": "false",
    "spark.ui.killEnabled": "false",
    "spark.ui.reverseProxy": "true",
    "spark.ui.reverseProxyUrl": url,
  });
});

const named = { endpoint: "https://s3.example.com", accessKey: "key", secretKey: "s3cret", region: "eu-1" };
const s3 = { ...named, pathStyle: true, bucket: "" };

describe("an object store", () => {
  test("is known to drivers, and to nobody else", () => {
    expect(driver({ ...clusterConfig(), s3 })).toMatchObject({
      "spark.hadoop.fs.s3a.endpoint": "https://s3.example.com",
      "spark.hadoop.fs.s3a.access.key": "key",
      "spark.hadoop.fs.s3a.secret.key": "s3cret",
      "spark.hadoop.fs.s3a.endpoint.region": "eu-1",
      "spark.hadoop.fs.s3a.path.style.access": "true",
      "spark.hadoop.fs.s3a.buffer.dir": "${env.SPARK_LOCAL_DIRS:-/tmp}/s3a", // on disk; of executors and notebooks
    });
    expect(JSON.stringify(driver())).not.toContain("s3a");
    expect(historyProperties({ ...clusterConfig(), s3 })).not.toContain("s3");
  });

  test("of the cluster's own is reached with generated keys, which the history server has only for a bucket of event logs", () => {
    const own = clusterConfig({ objectStore: "true" });
    const objectStoreKeys = { accessKey: "generated", secretKey: "hidden" };
    const of = {
      "spark.hadoop.fs.s3a.endpoint": "http://object-store:7070",
      "spark.hadoop.fs.s3a.access.key": "generated",
      "spark.hadoop.fs.s3a.secret.key": "hidden",
      "spark.hadoop.fs.s3a.path.style.access": "true",
    };
    expect(driver(own, { rpcSecret: secret, objectStoreKeys })).toMatchObject(of);
    expect(historyProperties(own, objectStoreKeys)).not.toContain("s3");
    const inBucket = clusterConfig({ objectStore: "true", s3: { bucket: "lake" } });
    expect(parse(historyProperties(inBucket, objectStoreKeys))).toMatchObject(of);
    expect([own, inBucket].map(objectStoreBuckets)).toEqual([["spark"], ["spark", "lake"]]);
  });

  test("of Amazon's own is found by its region", () => {
    const read = driver({ ...clusterConfig(), s3: { ...s3, endpoint: "", pathStyle: false } });
    expect(read).not.toHaveProperty(["spark.hadoop.fs.s3a.endpoint"]);
    expect(read).toMatchObject({ "spark.hadoop.fs.s3a.path.style.access": "false" });
  });

  test("has event logs and tables in its bucket, where one is named, and the history server can read them there", () => {
    const config = { ...clusterConfig(), stack: "team", s3: { ...s3, bucket: "lake" } };
    expect(driver(config)).toMatchObject({
      "spark.eventLog.dir": "s3a://lake/spark-cluster/team/event-log",
      "spark.sql.warehouse.dir": "s3a://lake/spark-cluster/team/warehouse",
    });
    expect(parse(historyProperties(config))).toMatchObject({
      "spark.history.fs.logDirectory": "s3a://lake/spark-cluster/team/event-log",
      "spark.history.fs.cleaner.enabled": "true",
      "spark.hadoop.fs.s3a.secret.key": "s3cret",
    });
  });

  test("gives way to a person's setting, as all that the cluster computes does", () => {
    const sparkProperties = {
      "spark.hadoop.fs.s3a.path.style.access": "false",
      "spark.sql.warehouse.dir": "s3a://bucket",
    };
    expect(driver({ ...clusterConfig(), s3, sparkProperties })).toMatchObject(sparkProperties);
  });
});

test("the history server reads a bucket with a person's settings of file systems, and gets no other setting", () => {
  const s3 = {
    ...clusterConfig().s3,
    bucket: "birds",
    accessKey: "AKIA",
    secretKey: "x",
    region: "eu-central-1",
    endpoint: "",
    pathStyle: false,
  };
  const encryption = { "spark.hadoop.fs.s3a.encryption.algorithm": "SSE-KMS" };
  const sparkProperties = { ...encryption, "spark.redis.password": "hunter2" };
  const read = parse(historyProperties({ ...clusterConfig(), s3, sparkProperties }));
  expect(read).toMatchObject(encryption);
  expect(read).not.toHaveProperty(["spark.redis.password"]);
  expect(parse(historyProperties({ ...clusterConfig(), sparkProperties }))).not.toMatchObject(encryption);
});

test("a person's extensions of SQL are added to the cluster's", () => {
  const extensions = "spark.sql.extensions";
  const sparkProperties = { [extensions]: "a.B, io.delta.sql.DeltaSparkSessionExtension" };
  expect(driver(clusterConfig({ tables: "delta", sparkProperties }))[extensions]).toBe(
    "io.delta.sql.DeltaSparkSessionExtension,a.B",
  );
  expect(driver(clusterConfig({ sparkProperties }))[extensions]).toBe("a.B,io.delta.sql.DeltaSparkSessionExtension");
});

test("Spark 3 is given the rule for temporary checkpoints, which Spark 4 finds itself", () => {
  expect(driver(clusterConfig({ sparkVersion: "3.5.9" }))).toMatchObject({
    "spark.sql.extensions": "org.apache.spark.sharedwrites.TemporaryCheckpoints",
  });
  expect(driver()).not.toHaveProperty(["spark.sql.extensions"]);
});

test("a table format is the default of tables, in Spark's own catalog, and gives way to a user's settings", () => {
  const catalog = "spark.sql.catalog.spark_catalog";
  expect(driver(clusterConfig({ tables: "delta", sparkVersion: "3.5.9" }))).toMatchObject({
    "spark.sql.extensions": "org.apache.spark.sharedwrites.TemporaryCheckpoints,io.delta.sql.DeltaSparkSessionExtension",
    "spark.sql.sources.default": "delta",
    [catalog]: "org.apache.spark.sql.delta.catalog.DeltaCatalog",
    "spark.sql.legacy.parameterSubstitution.constantsOnly": "true",
  });
  const sparkProperties = { "spark.sql.sources.default": "parquet" };
  expect(driver(clusterConfig({ tables: "iceberg", sparkProperties }))).toMatchObject({
    "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
    ...sparkProperties,
    [catalog]: "org.apache.iceberg.spark.SparkSessionCatalog",
    [`${catalog}.type`]: "hive",
  });
});

test("Comet runs queries in off-heap memory of a size of its own, which is there without Comet too", () => {
  const offHeap = { "spark.memory.offHeap.enabled": "true", "spark.memory.offHeap.size": "1g" };
  expect(driver(clusterConfig({ accelerator: "comet" }))).toMatchObject({
    "spark.plugins": "org.apache.spark.CometPlugin",
    "spark.shuffle.manager": "org.apache.spark.sql.comet.execution.shuffle.CometShuffleManager",
    ...offHeap,
  });
  expect(driver(clusterConfig({ offHeapMemory: "1g" }))).toMatchObject(offHeap);
  expect(Object.keys(driver()).filter((name) => /offHeap|plugins|shuffle.manager/.test(name))).toEqual([]);
});

describe("the place to write to", () => {
  const inBucket = { s3: { ...s3, bucket: "lake" } };
  const swarm: SwarmConfig = {
    ...{ perNode: false, encryptedNetwork: true, placement: {}, storage: undefined, drainTimeout: 30 },
    ...{ manager: "one", oneNode: false, workerNodes: ["one", "two"] },
  };
  const places = (changes: Partial<ClusterConfig>) => {
    const read = driver({ ...clusterConfig(), stack: "team", ...changes });
    return [read["spark.hadoop.spark-cluster.shared"], read["spark.hadoop.spark-cluster.temporary"]];
  };
  const volume = ["/opt/workspace", "file:///opt/workspace/.spark-cluster/temporary"];

  test("is the bucket, where the workers have no shared volume", () => {
    expect(places({ ...inBucket, swarm })).toEqual(["s3a://lake", "s3a://lake/spark-cluster/team/temporary"]);
  });

  test.each([
    ["on one engine", inBucket],
    ["on a swarm with shared storage", { ...inBucket, swarm: { ...swarm, storage: { folder: "/mnt/shared" } } }],
    ["on a swarm of one node", { ...inBucket, swarm: { ...swarm, oneNode: true } }],
  ])("is the shared volume %s, with a bucket too", (_where, changes) => {
    expect(places(changes)).toEqual(volume);
  });
});

test("no setting opens a door, even one that the reader let through", () => {
  const sparkProperties = {
    "spark.redaction.regex": "nothing",
    "spark.authenticate": "false",
    "spark.ui.killEnabled": "true",
    "spark.network.crypto.enabled": "false",
    "spark.network.crypto.saslFallback": "true",
  };
  expect(driver({ ...clusterConfig(), sparkProperties })).toMatchObject({
    ...redaction,
    "spark.authenticate": "true",
    "spark.ui.killEnabled": "false",
    "spark.network.crypto.enabled": "true",
    "spark.network.crypto.saslFallback": "false",
  });
});

const ofDaemonsAlone = /^spark\.(deploy|worker|executor\.logs)\./;

test("the master remembers for each version of Spark apart, and waits 10 s for those that are gone", () => {
  expect(daemon()).toMatchObject({
    "spark.deploy.recoveryMode": "ROCKSDB",
    "spark.deploy.recoveryDirectory": "/var/lib/spark/recovery/spark-4.1.4",
    "spark.deploy.recoveryTimeout": "10s",
  });
  const before4 = daemon(clusterConfig({ sparkVersion: "3.5.9" }));
  expect(before4).toMatchObject({
    "spark.deploy.recoveryDirectory": "/var/lib/spark/recovery/spark-3.5.9",
    "spark.worker.timeout": "12",
  });
  expect(before4).not.toHaveProperty("spark.deploy.recoveryTimeout");
});

test.each([
  ["1h", "3600"],
  ["2d", "172800"],
])("a worker keeps the folders of applications for %s, and their logs to a size", (workRetention, seconds) => {
  expect(daemon(clusterConfig({ workRetention, logSize: "2m", logFiles: "5" }))).toMatchObject({
    "spark.worker.cleanup.enabled": "true",
    "spark.worker.cleanup.appDataTtl": seconds,
    "spark.executor.logs.rolling.strategy": "size",
    "spark.executor.logs.rolling.maxSize": "2097152",
    "spark.executor.logs.rolling.maxRetainedFiles": "5",
  });
});

test("the daemons take no job over REST, and agree with drivers on authentication, encryption and the UI's address", () => {
  const { "spark.master.rest.enabled": rest, "spark.master.ui.historyServerUrl": history, ...others } = daemon();
  const common = Object.fromEntries(Object.entries(others).filter(([name]) => !ofDaemonsAlone.test(name)));
  expect(rest).toBe("false");
  expect(history).toBe(addresses.historyServer);
  expect(Object.keys(common).length).toBeGreaterThan(5);
  expect(driver()).toMatchObject(common);
});

test("the history server reads what drivers write, keeps it as long as it is told to, and holds no secret", () => {
  const read = parse(historyProperties(clusterConfig({ eventLogRetention: "12h" })));
  expect(read).toEqual({
    ...redaction,
    "spark.history.fs.logDirectory": driver()["spark.eventLog.dir"],
    "spark.history.fs.cleaner.enabled": "false", // expire-event-logs reads the age
    "spark.history.fs.cleaner.interval": "30s",
    "spark.history.fs.cleaner.maxAge": "43200s",
    "spark.history.fs.eventLog.rolling.maxFilesToRetain": "5",
  });
});

test("with metrics, daemons and drivers serve them under names without an application's id, unless a person sets others", () => {
  const servlet = "spark.metrics.conf.*.sink.prometheusServlet";
  const metrics = clusterConfig({ metrics: "true" });
  for (const read of [daemon(metrics), driver(metrics)]) {
    expect(read).toMatchObject({ [`${servlet}.path`]: "/metrics/prometheus", "spark.metrics.namespace": "spark" });
    expect(read[`${servlet}.class`]).toBe("org.apache.spark.metrics.sink.PrometheusServlet");
  }
  const sparkProperties = { "spark.metrics.namespace": "team" };
  expect(driver({ ...metrics, sparkProperties })).toMatchObject(sparkProperties);
  expect(JSON.stringify([driver(), daemon()])).not.toContain("metrics");
});

test("without a history server nobody writes event logs, or is told of one", () => {
  expect(JSON.stringify(driver(clusterConfig({ historyServer: "false" })))).not.toContain("eventLog");
  expect(daemonProperties(clusterConfig(), { sparkUi: url }, secret)).not.toContain("history");
});

test("with a shared catalog, drivers know its database; without one, none of it", () => {
  const secrets = { rpcSecret: secret, catalogPassword: "pass=word" };
  expect(driver(clusterConfig(), secrets)).toEqual({
    ...driver(),
    "spark.sql.catalogImplementation": "hive",
    "spark.sql.filesourceTableRelationCacheSize": "0",
    "spark.hadoop.javax.jdo.option.ConnectionURL": "jdbc:postgresql://catalog:5432/catalog",
    "spark.hadoop.javax.jdo.option.ConnectionDriverName": "org.postgresql.Driver",
    "spark.hadoop.javax.jdo.option.ConnectionUserName": "hive",
    "spark.hadoop.javax.jdo.option.ConnectionPassword": "pass=word",
  });
});

test("the database is told the password, and where drivers put the files of tables", () => {
  const moved = clusterConfig({ sparkProperties: { "spark.sql.warehouse.dir": "s3a://bucket" } });
  expect(catalogFiles(moved, "password")).toEqual({ "catalog-password": "password", warehouse: "s3a://bucket" });
  expect(catalogFiles(clusterConfig(), "password").warehouse).toBe(driver()["spark.sql.warehouse.dir"]);
});

test("the Spark Connect server is a driver like the others, under its own name and with a token", () => {
  const secrets = { rpcSecret: secret, catalogPassword: "password" };
  const sparkProperties = { "spark.connect.authenticate.token": "none", "spark.sql.shuffle.partitions": "8" };
  const config = { ...clusterConfig(), sparkProperties };
  expect(parse(connectProperties(config, url, secrets, "token"))).toEqual({
    ...driver(config, secrets),
    "spark.master": "spark://spark-master:7077",
    "spark.driver.host": "connect",
    "spark.connect.authenticate.token": "token",
  });
});

test("with idleTimeout, the Spark Connect server allocates its executors dynamically; the kernels give theirs back themselves", () => {
  const config = clusterConfig({ idleTimeout: "30m", workers: "3" });
  expect(parse(connectProperties(config, url, { rpcSecret: secret }, "token"))).toMatchObject({
    "spark.dynamicAllocation.enabled": "true",
    "spark.dynamicAllocation.initialExecutors": "3",
    ...Object.fromEntries(
      ["executorIdleTimeout", "cachedExecutorIdleTimeout", "shuffleTracking.timeout"].map((name) => [
        `spark.dynamicAllocation.${name}`,
        "30m",
      ]),
    ),
  });
  expect(driver(config)).toEqual(driver(clusterConfig({ workers: "3" })));
});
