import { stringify } from "dot-properties";

import { barrierTries } from "./speed";

/** Log4j's file in SPARK_CONF_DIR, which Spark adds to a driver's class path. */
export const loggingFile = "log4j2.properties";

/** Loggers of which drivers show only errors. Each comment describes the suppressed warning. */
const quiet: Readonly<Record<string, string>> = {
  // Hadoop's native library is missing: Spark's packages never contain it.
  native: "org.apache.hadoop.util.NativeCodeLoader",
  // Hive itself could not read a Spark table, and how Hive records such a table.
  hiveTables: "org.apache.spark.sql.hive.HiveExternalCatalog",
  hiveStore: "org.apache.hadoop.hive.metastore.HiveMetaStore",
  hiveTransactions: "org.apache.hadoop.hive.metastore.txn.TxnHandler",
  // Hive does not know or use a setting that Spark passes, and a requested database does not exist.
  hiveSettings: "org.apache.hadoop.hive.conf.HiveConf",
  hiveSession: "org.apache.hadoop.hive.ql.session.SessionState",
  hiveObjects: "org.apache.hadoop.hive.metastore.ObjectStore",
  // A task failed and is retried: the widget counts it, and the last failure is the error of the job.
  tasks: "org.apache.spark.scheduler.TaskSetManager",
  // Cached data went with their executor: Spark computes them again.
  blocks: "org.apache.spark.storage.BlockManagerMasterEndpoint",
  // A checkpoint must not be on the local file system: in this cluster it is in the shared folder, or rejected.
  checkpoints: "org.apache.spark.SparkContext",
  // A streaming query without a checkpointLocation has a temporary one.
  streams: "org.apache.spark.sql.execution.streaming.runtime.ResolveWriteToStream",
  streamsOf3: "org.apache.spark.sql.execution.streaming.ResolveWriteToStream",
  // A missing path has no stream metadata: the error of the cell already names the path.
  streamFiles: "org.apache.spark.sql.execution.streaming.sinks.FileStreamSink",
  streamFilesOf3: "org.apache.spark.sql.execution.streaming.FileStreamSink",
  // This session runs without Comet, and why: images/spark-base/spark_cluster/accelerator.py says it once, Comet for each query.
  cometPlugin: "org.apache.spark.CometDriverPlugin",
  cometSessions: "org.apache.comet.CometSparkSessionExtensions",
  // The same, and that Comet's time zone data are older than Java's: docs/guide/accelerator.md.
  cometLibrary: "org.apache.comet.NativeBase",
  // MLlib has no native BLAS and uses Java's vectors: the image contains none.
  blas: "dev.ludovic.netlib",
};

/** Single messages that drivers do not show, by their logger. Each comment describes the message. */
const dropped: Readonly<Record<string, { readonly name: string; readonly regex: string }>> = {
  // A barrier stage with fewer executors than tasks is retried every second. Executors may still be starting when it says so first,
  // and after that it says so every 25 s.
  // stop() of a stream cancels the stream's jobs twice, even if none is running. Their group is named after the UUID of the run.
  jobs: {
    name: "org.apache.spark.scheduler.DAGScheduler",
    regex:
      `Barrier stage .* Will retry up to (${barrierTries}|(?![0-9]*(00|25|50|75) )[0-9]+) more times.*` +
      "|Failed to cancel job group [0-9a-f-]{36}\\. Cannot find active jobs for it\\.",
  },
  // An executor's connection ends while the session is stopping.
  stopping: {
    name: "org.apache.spark.scheduler.cluster.StandaloneSchedulerBackend$StandaloneDriverEndpoint",
    regex: "Skipping onDisconnected RemoveExecutor call because the scheduler is stopping.*",
  },
  // While the session is stopping, a connection begins or ends, or the master or an executor reports something.
  endpoints: {
    name: "org.apache.spark.rpc.netty.Dispatcher",
    regex: "Message (RemoteProcess.* dropped\\.|.* dropped due to sparkEnv is stopped\\.).*",
  },
  reports: {
    name: "org.apache.spark.network.server.TransportRequestHandler",
    regex: "Error while invoking RpcHandler#receive\\(\\) for one-way message.*",
  },
  // An executor has just ended. If nobody ended it, other messages say so.
  transport: { name: "org.apache.spark.network.client.TransportClient", regex: "Failed to send RPC .*" },
  // A broadcast variable that nobody uses any more was removed twice.
  cleaner: { name: "org.apache.spark.ContextCleaner", regex: "Error cleaning broadcast .*" },
  broadcasts: { name: "org.apache.spark.storage.BlockManagerMaster", regex: "Failed to remove broadcast .*" },
  // A kernel that ends also ends the `rm` with which its Java deletes a temporary folder. Java then deletes the folder itself.
  deletions: {
    name: "org.apache.spark.network.util.JavaUtils",
    regex: "Attempt to delete using native Unix OS command failed for path = .*",
  },
  // A cancelled task kept running, so Spark ended its executor.
  reaper: {
    name: "org.apache.spark.scheduler.TaskSchedulerImpl",
    regex: "Lost executor .* exited with code 57",
  },
  // MLlib logs the trace of the error that Python raises. images/spark-base/shared-writes words this one for Python.
  models: { name: "org.apache.spark.ml.util.Instrumentation", regex: "(?s).* is on each container's own disk: .*" },
};

/**
 * Loggers of which drivers show only errors, each with its Python traceback: no cell raises the error of a stream for which none waits,
 * and none that of a listener. The suppressed warning: a stream plans its batches without adaptive execution.
 */
const background: Readonly<Record<string, string>> = {
  batches: "org.apache.spark.sql.execution.streaming.runtime.MicroBatchExecution",
  listeners: "org.apache.spark.sql.execution.streaming.runtime.StreamingQueryListenerBus",
  batchesOf3: "org.apache.spark.sql.execution.streaming.MicroBatchExecution",
  listenersOf3: "org.apache.spark.sql.execution.streaming.StreamingQueryListenerBus",
};

/** Loggers of which drivers show nothing. Each comment says why. */
const silent = {
  // The database layer of Hive's client. If its database is unreachable, Hive itself reports that, once for each attempt.
  databases: "DataNucleus",
  // The listener of the progress widget. When a session stops, events may come after the end of its connection.
  progress: "sparkmonitor",
  // The write of a stream's batch ended without a result. If nobody stopped the stream, its own error says why.
  writes: "org.apache.spark.sql.execution.datasources.v2.WriteToDataSourceV2Exec",
};

/** What begins with the Java trace of a text, which `%replace` removes. */
const trace = "{(?s)\\n\\tat .*}{}";

/** An appender that writes into the running cell. The pattern removes traces, because some of Hive's messages contain one. */
function console(name: string, exception: string): object {
  return {
    type: "Console",
    name,
    target: "SYSTEM_ERR",
    layout: {
      type: "PatternLayout",
      // Otherwise Log4j adds the whole trace, because it does not find the %ex inside of %notEmpty.
      alwaysWriteExceptions: "false",
      pattern: `%d{yy/MM/dd HH:mm:ss} %p %c{1}: %replace{%m}${trace}%notEmpty{%n${exception}}%n`,
    },
  };
}

function loggers<T>(listed: Readonly<Record<string, T>>, settings: (each: T) => object): Record<string, object> {
  return Object.fromEntries(Object.entries(listed).map(([id, each]) => [id, settings(each)]));
}

/**
 * The Log4j configuration of drivers. They log warnings into the running cell, each with the first line of its exception. The
 * whole exception is in the error that Python raises, except for those in the background.
 */
export function driverLogging(): string {
  return stringify({
    rootLogger: { level: "warn", appenderRef: { stderr: { ref: "stderr" } } },
    appender: { stderr: console("stderr", "%ex{1}"), traceback: console("traceback", `%replace{%ex}${trace}`) },
    logger: {
      ...loggers(quiet, (name) => ({ name, level: "error" })),
      ...loggers(silent, (name) => ({ name, level: "off" })),
      ...loggers(dropped, ({ name, regex }) => ({
        name,
        level: "warn",
        filter: { first: { type: "RegexFilter", regex, onMatch: "DENY", onMismatch: "NEUTRAL" } },
      })),
      ...loggers(background, (name) => ({
        name,
        level: "error",
        additivity: "false",
        appenderRef: { first: { ref: "traceback" } },
      })),
    },
  });
}
