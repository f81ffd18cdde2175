import * as pulumi from "@pulumi/pulumi";
import { stringify } from "dot-properties";

import { allInterfaces } from "../engine/addresses";
import { ClusterConfig, S3 } from "../config/clusterConfig";
import { secondsOf } from "../config/duration";
import { formatMemory } from "../config/memory";
import { hasBucket } from "../config/s3";
import { Addresses, ClusterSecrets } from "../roles/role";
import { cometProperties, offHeapProperties } from "./accelerator";
import { idleProperties } from "./idle";
import { ObjectStoreKeys } from "./objectStore";
import { redaction } from "./redaction";
import { sessionSize } from "./sessionSize";
import { speedProperties } from "./speed";
import { tableExtensions, tableProperties } from "./tables";

/** The file in SPARK_CONF_DIR that spark-submit, and so every driver, reads. */
export const propertiesFile = "spark-defaults.conf";

/** The folder that drivers, executors and users share. */
export const workspacePath = "/opt/workspace";

/** The folder of the cluster's own files on it. */
export const ownPath = `${workspacePath}/.spark-cluster`;

/** The mount path of temporary data and state: a worker's folders and shuffle files, the master's state. */
export const localPath = "/var/lib/spark";

/** The folder of the master's state. */
const recoveryPath = `${localPath}/recovery`;

/** Host names in a stack's network. */
export const masterHost = "spark-master";
export const jupyterlabHost = "jupyterlab";
export const connectHost = "connect";
export const catalogHost = "catalog";

/** The URL of a folder in the stack's bucket; undefined without a bucket. */
function inBucket({ s3, stack }: ClusterConfig, folder: string): string | undefined {
  return !hasBucket(s3) ? undefined : `s3a://${s3.bucket}/spark-cluster/${stack}/${folder}`;
}

/** The default URL of the tables' files. */
function warehouseUrl(config: ClusterConfig): string {
  return inBucket(config, "warehouse") ?? `file://${workspacePath}/spark-warehouse`;
}

/** The URL of the event logs of all applications. */
function eventLogUrl(config: ClusterConfig): string {
  return inBucket(config, "event-log") ?? `file://${ownPath}/event-log`;
}

/** The folder that drivers and executors share, or the bucket if they share no folder. */
function sharedPlace({ s3, swarm }: ClusterConfig): string {
  const volumeOfOneNode = swarm !== undefined && swarm.storage === undefined && !swarm.oneNode;
  return volumeOfOneNode && hasBucket(s3) ? `s3a://${s3.bucket}` : workspacePath;
}

/**
 * With these settings Spark refuses to write where only one container could read it, stores temporary checkpoints of streaming
 * queries where all executors can read them, and lets several notebooks append to one table (images/spark-base/shared-writes).
 */
function sharedWritesProperties(config: ClusterConfig): Record<string, string> {
  const shared = sharedPlace(config);
  const own = shared === workspacePath ? `file://${ownPath}` : `${shared}/spark-cluster/${config.stack}`;
  return {
    "spark.hadoop.fs.file.impl": "org.apache.spark.sharedwrites.SharedFileSystem",
    "spark.hadoop.fs.AbstractFileSystem.file.impl": "org.apache.hadoop.fs.local.SharedFs",
    "spark.hadoop.spark-cluster.shared": shared,
    "spark.hadoop.spark-cluster.temporary": `${own}/temporary`,
    "spark.sql.sources.commitProtocolClass": "org.apache.spark.sharedwrites.SharedCommits",
  };
}

/** The extensions of SQL, the cluster's and the user's. Spark 4 finds the cluster's own in its jar; Spark 3 finds it only for Scala. */
function extensionProperties({ images, sparkProperties }: ClusterConfig): Record<string, string> {
  const setting = "spark.sql.extensions";
  const own = images.sparkVersion.startsWith("3.") ? ["org.apache.spark.sharedwrites.TemporaryCheckpoints"] : [];
  const extensions = new Set([...own, ...tableExtensions(images.tables), ...(sparkProperties[setting]?.split(/[\s,]+/) ?? [])]);
  return extensions.size === 0 ? {} : { [setting]: [...extensions].join(",") };
}

/** The URL of the master in the stack's network. */
export const masterUrl = `spark://${masterHost}:7077`;

/** A Java properties file, with one setting on each line. */
function propertiesText(properties: Readonly<Record<string, string>>): string {
  return stringify(properties, { lineWidth: null });
}

/** The settings on which all of a cluster's processes have to agree. */
function commonProperties(uiUrl: string, rpcSecret: string): Record<string, string> {
  return {
    ...redaction,
    "spark.authenticate": "true",
    "spark.authenticate.secret": rpcSecret,
    "spark.network.crypto.enabled": "true",
    "spark.network.crypto.authEngineVersion": "2",
    // Otherwise a peer that requests no encryption, or tampers with the negotiation, gets an unencrypted connection.
    "spark.network.crypto.saslFallback": "false",
    // A kill link is a plain POST, which any page in the same browser can send.
    "spark.ui.killEnabled": "false",
    "spark.ui.reverseProxy": "true",
    "spark.ui.reverseProxyUrl": uiUrl,
  };
}

/** With these settings, masters, workers and drivers serve metrics to the role `metrics`, next to their pages. */
function metricsProperties({ sizes }: ClusterConfig): Record<string, string> {
  if (!sizes.metrics) {
    return {};
  }
  const servlet = "sink.prometheusServlet";
  return {
    [`spark.metrics.conf.*.${servlet}.class`]: "org.apache.spark.metrics.sink.PrometheusServlet",
    [`spark.metrics.conf.*.${servlet}.path`]: "/metrics/prometheus",
    [`spark.metrics.conf.master.${servlet}.path`]: "/metrics/master/prometheus",
    [`spark.metrics.conf.applications.${servlet}.path`]: "/metrics/applications/prometheus",
    "spark.metrics.conf.*.source.jvm.class": "org.apache.spark.metrics.source.JvmSource",
    // Otherwise the id of its application is a part of each metric's name.
    "spark.metrics.namespace": "spark",
    "spark.ui.prometheus.enabled": "true", // executors; the default since Spark 4
  };
}

/**
 * The settings of the master's state, from which a restarted master recovers workers and applications. It is a database, because
 * with the file system mode one half-written file would prevent every further start. Each Spark version has its own, because it
 * cannot read another version's.
 */
function recoveryProperties(sparkVersion: string): Record<string, string> {
  return {
    "spark.deploy.recoveryMode": "ROCKSDB",
    "spark.deploy.recoveryDirectory": `${recoveryPath}/spark-${sparkVersion}`,
    // How long a restarted master waits for its workers and applications, instead of a minute. Before Spark 4, this is the time
    // in seconds after which a silent worker is lost.
    ...(sparkVersion.startsWith("3.") ? { "spark.worker.timeout": "12" } : { "spark.deploy.recoveryTimeout": "10s" }),
  };
}

/** The settings that limit the disk use of a worker. Shuffle files need none: they are deleted with their executors. */
function boundsOfWork(config: ClusterConfig): Record<string, string> {
  return {
    "spark.worker.cleanup.enabled": "true",
    "spark.worker.cleanup.appDataTtl": String(secondsOf(config.workRetention)),
    "spark.executor.logs.rolling.strategy": "size",
    "spark.executor.logs.rolling.maxSize": String(config.logSize * 1024 * 1024),
    "spark.executor.logs.rolling.maxRetainedFiles": String(config.logFiles),
  };
}

/** The properties of the master and of the workers. */
export function daemonProperties(config: ClusterConfig, addresses: Addresses, rpcSecret: string): string {
  return propertiesText({
    ...commonProperties(addresses.sparkUi, rpcSecret),
    ...recoveryProperties(config.images.sparkVersion),
    ...boundsOfWork(config),
    ...metricsProperties(config),
    ...(config.swarm !== undefined && { "spark.decommission.enabled": "true" }),
    ...(addresses.historyServer !== undefined && { "spark.master.ui.historyServerUrl": addresses.historyServer }),
    // REST submission has no authentication.
    "spark.master.rest.enabled": "false",
  });
}

/** The properties of the history server. It only reads files, so it has none of the secrets that drivers and workers share. */
export function historyProperties(config: ClusterConfig, objectStoreKeys?: ObjectStoreKeys): string {
  return propertiesText({
    ...redaction, // of event logs that an earlier pattern let through
    "spark.history.fs.logDirectory": eventLogUrl(config),
    // On the volume, expire-event-logs deletes by the same age, because this cleaner deletes logs of open applications too.
    "spark.history.fs.cleaner.enabled": String(hasBucket(config.s3)),
    // Short, because the first run may come before the logs are read. A run costs next to nothing.
    "spark.history.fs.cleaner.interval": "30s",
    "spark.history.fs.cleaner.maxAge": `${secondsOf(config.eventLogRetention)}s`,
    // For an application that never ends, older files are compacted into one without the events of finished jobs.
    "spark.history.fs.eventLog.rolling.maxFilesToRetain": "5",
    ...(hasBucket(config.s3) ? { ...s3Properties({ ...config.s3, ...objectStoreKeys }), ...fileSystemProperties(config) } : {}),
  });
}

/** The user's settings of file systems, such as the credentials and the encryption of a bucket. */
function fileSystemProperties({ sparkProperties }: ClusterConfig): Record<string, string> {
  return Object.fromEntries(Object.entries(sparkProperties).filter(([setting]) => setting.startsWith("spark.hadoop.fs.")));
}

/** Event logs contain all events of a driver, compressed and in rolling files. */
function eventLogProperties(config: ClusterConfig): Record<string, string> {
  return {
    "spark.eventLog.enabled": "true",
    "spark.eventLog.dir": eventLogUrl(config),
    "spark.eventLog.compress": "true",
    "spark.eventLog.rolling.enabled": "true",
  };
}

/** An executor whose worker is going to stop finishes its tasks and migrates its blocks to other executors. */
const drainProperties = {
  "spark.decommission.enabled": "true",
  "spark.storage.decommission.enabled": "true",
  "spark.storage.decommission.rddBlocks.enabled": "true",
  "spark.storage.decommission.shuffleBlocks.enabled": "true",
};

/** S3A's settings. Executors get them from their driver over Spark's encrypted RPC. */
function s3Properties({ endpoint, accessKey, secretKey, region, pathStyle }: S3): Record<string, string> {
  return {
    "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem", // s3://, as on EMR
    "spark.hadoop.fs.s3a.access.key": accessKey,
    "spark.hadoop.fs.s3a.secret.key": secretKey,
    "spark.hadoop.fs.s3a.endpoint.region": region,
    "spark.hadoop.fs.s3a.path.style.access": String(pathStyle),
    // Parts of an object, 64 MiB each, until they are uploaded. By default they are in /tmp, which is small and in memory.
    "spark.hadoop.fs.s3a.buffer.dir": "${env.SPARK_LOCAL_DIRS:-/tmp}/s3a",
    ...(endpoint !== "" && { "spark.hadoop.fs.s3a.endpoint": endpoint }),
  };
}

/** The settings with which Hive's client connects to the shared catalog. */
function catalogProperties(password: string): Record<string, string> {
  return {
    "spark.sql.catalogImplementation": "hive",
    // Otherwise a session that has read a table keeps looking for its old files after another session has overwritten it.
    "spark.sql.filesourceTableRelationCacheSize": "0",
    "spark.hadoop.javax.jdo.option.ConnectionURL": `jdbc:postgresql://${catalogHost}:5432/catalog`,
    "spark.hadoop.javax.jdo.option.ConnectionDriverName": "org.postgresql.Driver",
    "spark.hadoop.javax.jdo.option.ConnectionUserName": "hive",
    "spark.hadoop.javax.jdo.option.ConnectionPassword": password,
  };
}

/** The files that the shared catalog's database reads at each start. */
export function catalogFiles(config: ClusterConfig, password: pulumi.Input<string>): Record<string, pulumi.Input<string>> {
  return { "catalog-password": password, warehouse: config.sparkProperties["spark.sql.warehouse.dir"] ?? warehouseUrl(config) };
}

/** The secrets of drivers. Those of roles that are off are undefined. */
export interface DriverSecrets {
  readonly rpcSecret: string;
  readonly catalogPassword?: string;
  readonly objectStoreKeys?: ObjectStoreKeys;
}

/** The generated secrets of drivers as one output. */
export function driverSecrets(secrets: ClusterSecrets): pulumi.Output<DriverSecrets> {
  const { rpc: rpcSecret, catalogPassword, objectStoreKeys } = secrets;
  return pulumi.output({ rpcSecret, catalogPassword, objectStoreKeys });
}

/** Uses spark-base's daemon to fork Python workers, and makes Spark report why a Python worker crashed. */
const executorPython = {
  "spark.python.daemon.module": "spark_cluster.daemon",
  "spark.python.worker.faulthandler.enabled": "true",
  "spark.sql.execution.pyspark.udf.faulthandler.enabled": "true",
};

/**
 * Ends an executor in which a cancelled task keeps running. A query that is too wide for code generation never checks whether it was
 * cancelled, and would keep its core from the next cell. A killed Python worker ends in two seconds.
 */
const reaper = {
  "spark.task.reaper.enabled": "true",
  "spark.task.reaper.killTimeout": "10s",
  "spark.task.reaper.pollingInterval": "1s",
  "spark.task.reaper.threadDump": "false",
};

/** The settings of every driver. The user's settings override computed ones, but never security settings. */
function driverSettings(
  config: ClusterConfig,
  uiUrl: string,
  secrets: DriverSecrets,
  size: Readonly<Record<string, string>>,
): Record<string, string> {
  const { sizes } = config;
  return {
    "spark.driver.bindAddress": allInterfaces,
    "spark.driver.host": jupyterlabHost,
    "spark.driver.memory": formatMemory(sizes.driverMemory),
    // Any free port: pages are reached through the master, and a second notebook would warn that 4040 is taken.
    "spark.ui.port": "0",
    "spark.executor.cores": String(sizes.executorCores),
    "spark.executor.memory": formatMemory(sizes.executorMemory),
    "spark.executor.pyspark.memory": formatMemory(sizes.pythonMemory),
    ...executorPython,
    ...reaper,
    "spark.sql.warehouse.dir": warehouseUrl(config),
    ...sharedWritesProperties(config),
    ...tableProperties(config.images.tables),
    ...offHeapProperties(sizes),
    ...(config.images.accelerator === "comet" && cometProperties),
    ...size,
    ...speedProperties(sizes),
    ...(sizes.historyServer ? eventLogProperties(config) : {}),
    ...(config.swarm === undefined ? {} : drainProperties),
    ...(config.s3 === undefined ? {} : s3Properties({ ...config.s3, ...secrets.objectStoreKeys })),
    ...(secrets.catalogPassword === undefined ? {} : catalogProperties(secrets.catalogPassword)),
    ...metricsProperties(config),
    ...config.sparkProperties,
    ...extensionProperties(config),
    ...commonProperties(uiUrl, secrets.rpcSecret),
  };
}

/** The properties of the notebooks' drivers. */
export function driverProperties(config: ClusterConfig, uiUrl: string, secrets: DriverSecrets): string {
  // On a swarm, each driver queries its size from the master: see sessionEnvironment.
  const size = config.swarm === undefined ? sessionSize(config.sizes) : {};
  return propertiesText(driverSettings(config, uiUrl, secrets, size));
}

/** The properties of the Spark Connect server, a driver that requires a token. */
export function connectProperties(config: ClusterConfig, uiUrl: string, secrets: DriverSecrets, token: string): string {
  return propertiesText({
    ...driverSettings(config, uiUrl, secrets, { ...sessionSize(config.sizes), ...idleProperties(config) }),
    "spark.master": masterUrl,
    "spark.driver.host": connectHost,
    "spark.connect.authenticate.token": token,
  });
}
