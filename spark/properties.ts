import * as pulumi from "@pulumi/pulumi";
import { stringify } from "dot-properties";

import { allInterfaces } from "../engine/addresses";
import { ClusterConfig, S3 } from "../config/clusterConfig";
import { formatMemory } from "../config/memory";
import { hasBucket } from "../config/s3";
import { Addresses, ClusterSecrets } from "../roles/role";
import { sessionSize } from "./sessionSize";
import { speedProperties } from "./speed";

/** The file that spark-submit, and so every driver, reads in SPARK_CONF_DIR. */
export const propertiesFile = "spark-defaults.conf";

/** Where drivers, executors and users share files. */
export const workspacePath = "/opt/workspace";

/** Where containers of Spark keep what goes with them: a worker's folders and shuffle files, what the master knows. */
export const localPath = "/var/lib/spark";

/** Where the master keeps what it knows. */
const recoveryPath = `${localPath}/recovery`;

/** Host names inside of a stack's network. */
export const masterHost = "spark-master";
export const jupyterlabHost = "jupyterlab";
export const connectHost = "connect";
export const catalogHost = "catalog";

/** A folder of the bucket that the stack keeps its data in, if it has one. */
function inBucket({ s3, stack }: ClusterConfig, folder: string): string | undefined {
  return !hasBucket(s3) ? undefined : `s3a://${s3.bucket}/spark-cluster/${stack}/${folder}`;
}

/** Where the files of tables are, unless a setting says otherwise. */
function warehouseUrl(config: ClusterConfig): string {
  return inBucket(config, "warehouse") ?? `file://${workspacePath}/spark-warehouse`;
}

/** Where every application writes what its pages are made of. */
function eventLogUrl(config: ClusterConfig): string {
  return inBucket(config, "event-log") ?? `file://${workspacePath}/.spark-cluster/event-log`;
}

/** The folder that drivers and executors share; the bucket, if they share none. */
function sharedPlace({ s3, swarm }: ClusterConfig): string {
  const volumeOfOneNode = swarm !== undefined && swarm.storage === undefined && !swarm.oneNode;
  return volumeOfOneNode && hasBucket(s3) ? `s3a://${s3.bucket}` : workspacePath;
}

/**
 * Spark refuses to write where only one container would see it, and keeps checkpoints of streaming queries that name no folder where
 * all executors see them (images/spark-base/shared-writes).
 */
function sharedWritesProperties(config: ClusterConfig): Record<string, string> {
  const shared = sharedPlace(config);
  const own = shared === workspacePath ? `file://${workspacePath}/.spark-cluster` : `${shared}/spark-cluster/${config.stack}`;
  return {
    "spark.hadoop.fs.file.impl": "org.apache.spark.sharedwrites.SharedFileSystem",
    "spark.hadoop.fs.AbstractFileSystem.file.impl": "org.apache.hadoop.fs.local.SharedFs",
    "spark.hadoop.spark-cluster.shared": shared,
    "spark.hadoop.spark-cluster.temporary": `${own}/temporary`,
    // Spark 4 finds it in the jar; Spark 3 does so for Scala alone.
    ...(config.images.sparkVersion.startsWith("3.")
      ? { "spark.sql.extensions": "org.apache.spark.sharedwrites.TemporaryCheckpoints" }
      : {}),
  };
}

/** The master, as every container of a stack knows it. */
export const masterUrl = `spark://${masterHost}:7077`;

/** A properties file as Java reads it, one setting a line. */
function propertiesText(properties: Readonly<Record<string, string>>): string {
  return stringify(properties, { lineWidth: null });
}

/** What all parts of one cluster have to agree on. */
function commonProperties(uiUrl: string, rpcSecret: string): Record<string, string> {
  return {
    "spark.authenticate": "true",
    "spark.authenticate.secret": rpcSecret,
    "spark.network.crypto.enabled": "true",
    "spark.network.crypto.authEngineVersion": "2",
    // Or who asks for no encryption, or alters what the two sides agree on, gets a connection in the clear.
    "spark.network.crypto.saslFallback": "false",
    // A kill link is a plain POST that any page in the same browser may send.
    "spark.ui.killEnabled": "false",
    "spark.ui.reverseProxy": "true",
    "spark.ui.reverseProxyUrl": uiUrl,
  };
}

/**
 * What the master keeps, so that workers and applications are known again to one that was killed. A database, because of files one
 * half-written would keep it from starting for ever; one for each version of Spark, because none reads another's.
 */
function recoveryProperties(sparkVersion: string): Record<string, string> {
  return {
    "spark.deploy.recoveryMode": "ROCKSDB",
    "spark.deploy.recoveryDirectory": `${recoveryPath}/spark-${sparkVersion}`,
    // How long it waits for those that were there and are gone, in place of a minute. Before Spark 4 it is the time after which a silent
    // worker counts as lost, in seconds.
    ...(sparkVersion.startsWith("3.") ? { "spark.worker.timeout": "12" } : { "spark.deploy.recoveryTimeout": "10s" }),
  };
}

/** What bounds the disk of a worker; what executors shuffle goes with them. */
function boundsOfWork(config: ClusterConfig): Record<string, string> {
  return {
    "spark.worker.cleanup.enabled": "true",
    "spark.worker.cleanup.appDataTtl": String(secondsOf(config.workRetention)),
    "spark.executor.logs.rolling.strategy": "size",
    "spark.executor.logs.rolling.maxSize": String(config.logSize * 1024 * 1024),
    "spark.executor.logs.rolling.maxRetainedFiles": String(config.logFiles),
  };
}

/** A time in days or hours, as Spark writes it, in seconds. */
function secondsOf(time: string): number {
  return parseInt(time, 10) * (time.endsWith("d") ? 24 : 1) * 3600;
}

/** The properties of the master and of the workers. */
export function daemonProperties(config: ClusterConfig, addresses: Addresses, rpcSecret: string): string {
  return propertiesText({
    ...commonProperties(addresses.sparkUi, rpcSecret),
    ...recoveryProperties(config.images.sparkVersion),
    ...boundsOfWork(config),
    ...(config.swarm === undefined ? {} : { "spark.decommission.enabled": "true" }),
    ...(addresses.historyServer === undefined ? {} : { "spark.master.ui.historyServerUrl": addresses.historyServer }),
    // Submission over REST knows no authentication.
    "spark.master.rest.enabled": "false",
  });
}

/** The properties of the history server, which only reads files: it has no part in what drivers and workers keep secret. */
export function historyProperties(config: ClusterConfig): string {
  return propertiesText({
    "spark.history.fs.logDirectory": eventLogUrl(config),
    "spark.history.fs.cleaner.enabled": "true",
    // Its first look may come before the logs are read, and costs next to nothing.
    "spark.history.fs.cleaner.interval": "30s",
    "spark.history.fs.cleaner.maxAge": config.eventLogRetention,
    // Of an application that never ends, older files are made into one without what is over.
    "spark.history.fs.eventLog.rolling.maxFilesToRetain": "5",
    ...(hasBucket(config.s3) ? s3Properties(config.s3) : {}),
  });
}

/** Every event is kept from a driver's first to its last; a file that is full is followed by another. */
function eventLogProperties(config: ClusterConfig): Record<string, string> {
  return {
    "spark.eventLog.enabled": "true",
    "spark.eventLog.dir": eventLogUrl(config),
    "spark.eventLog.compress": "true",
    "spark.eventLog.rolling.enabled": "true",
  };
}

/** That an executor whose worker is going to end finishes its tasks, and hands to others what it has stored. */
const drainProperties = {
  "spark.decommission.enabled": "true",
  "spark.storage.decommission.enabled": "true",
  "spark.storage.decommission.rddBlocks.enabled": "true",
  "spark.storage.decommission.shuffleBlocks.enabled": "true",
};

/** S3A's settings; executors have them from their driver, over Spark's encrypted RPC. */
function s3Properties({ endpoint, accessKey, secretKey, region, pathStyle }: S3): Record<string, string> {
  return {
    "spark.hadoop.fs.s3a.access.key": accessKey,
    "spark.hadoop.fs.s3a.secret.key": secretKey,
    "spark.hadoop.fs.s3a.endpoint.region": region,
    "spark.hadoop.fs.s3a.path.style.access": String(pathStyle),
    ...(endpoint === "" ? {} : { "spark.hadoop.fs.s3a.endpoint": endpoint }),
  };
}

/** The shared catalog as Hive's metastore finds it. */
function catalogProperties(password: string): Record<string, string> {
  return {
    "spark.sql.catalogImplementation": "hive",
    // Or a session that has read a table goes on looking for its files of then, after another session has written it again.
    "spark.sql.filesourceTableRelationCacheSize": "0",
    "spark.hadoop.javax.jdo.option.ConnectionURL": `jdbc:postgresql://${catalogHost}:5432/catalog`,
    "spark.hadoop.javax.jdo.option.ConnectionDriverName": "org.postgresql.Driver",
    "spark.hadoop.javax.jdo.option.ConnectionUserName": "hive",
    "spark.hadoop.javax.jdo.option.ConnectionPassword": password,
  };
}

/** The files that the shared catalog's database reads at each of its starts. */
export function catalogFiles(config: ClusterConfig, password: pulumi.Input<string>): Record<string, pulumi.Input<string>> {
  return { "catalog-password": password, warehouse: config.sparkProperties["spark.sql.warehouse.dir"] ?? warehouseUrl(config) };
}

/** What drivers have to know that nobody else may. */
export interface DriverSecrets {
  readonly rpcSecret: string;
  /** Undefined where each session has a catalog of its own. */
  readonly catalogPassword?: string;
}

/** The generated secrets of drivers in one value. */
export function driverSecrets({
  rpc,
  catalogPassword,
}: Pick<ClusterSecrets, "rpc" | "catalogPassword">): pulumi.Output<DriverSecrets> {
  return pulumi.output({ rpcSecret: rpc, catalogPassword });
}

/** The daemon of spark-base that forks Python workers, and that Spark shows why one of them crashed. */
const executorPython = {
  "spark.python.daemon.module": "spark_cluster.daemon",
  "spark.python.worker.faulthandler.enabled": "true",
  "spark.sql.execution.pyspark.udf.faulthandler.enabled": "true",
};

/** What every driver has. Settings of the person win over what is computed, and never over what closes the doors. */
function driverSettings(
  config: ClusterConfig,
  uiUrl: string,
  secrets: DriverSecrets,
  size: Readonly<Record<string, string>>,
): Record<string, string> {
  const { sizes } = config;
  return {
    "spark.master": masterUrl,
    "spark.driver.bindAddress": allInterfaces,
    "spark.driver.host": jupyterlabHost,
    "spark.driver.memory": formatMemory(sizes.driverMemory),
    // Any free one: pages are reached through the master, and the second notebook would warn that 4040 is taken.
    "spark.ui.port": "0",
    "spark.executor.cores": String(sizes.executorCores),
    "spark.executor.memory": formatMemory(sizes.executorMemory),
    "spark.executor.pyspark.memory": formatMemory(sizes.pythonMemory),
    ...executorPython,
    "spark.sql.warehouse.dir": warehouseUrl(config),
    ...sharedWritesProperties(config),
    ...size,
    ...speedProperties(sizes),
    ...(sizes.historyServer ? eventLogProperties(config) : {}),
    ...(config.swarm === undefined ? {} : drainProperties),
    ...(config.s3 === undefined ? {} : s3Properties(config.s3)),
    ...(secrets.catalogPassword === undefined ? {} : catalogProperties(secrets.catalogPassword)),
    ...config.sparkProperties,
    ...commonProperties(uiUrl, secrets.rpcSecret),
  };
}

/** The properties of the notebooks' drivers. */
export function driverProperties(config: ClusterConfig, uiUrl: string, secrets: DriverSecrets): string {
  // On a swarm, each asks for its size itself.
  const size = config.swarm === undefined ? sessionSize(config.sizes) : {};
  return propertiesText(driverSettings(config, uiUrl, secrets, size));
}

/** The properties of the Spark Connect server, a driver that asks everybody for a token. */
export function connectProperties(config: ClusterConfig, uiUrl: string, secrets: DriverSecrets, token: string): string {
  return propertiesText({
    ...driverSettings(config, uiUrl, secrets, sessionSize(config.sizes)),
    "spark.driver.host": connectHost,
    "spark.connect.authenticate.token": token,
  });
}
