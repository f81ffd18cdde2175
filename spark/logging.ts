import { stringify } from "dot-properties";

/** The file that Log4j finds in SPARK_CONF_DIR, which Spark puts on a driver's class path. */
export const loggingFile = "log4j2.properties";

/** What drivers log only when it is an error, each for its reason. */
const quiet: Readonly<Record<string, string>> = {
  // That Hadoop's native library is missing: it always is, in the packages that Spark comes in.
  native: "org.apache.hadoop.util.NativeCodeLoader",
  // That Hive itself could not read a table of Spark's, and how Hive records it.
  hiveTables: "org.apache.spark.sql.hive.HiveExternalCatalog",
  hiveStore: "org.apache.hadoop.hive.metastore.HiveMetaStore",
  hiveTransactions: "org.apache.hadoop.hive.metastore.txn.TxnHandler",
  // That it does not know or heed a setting which Spark gives it, and that a database which was asked for is not there.
  hiveSettings: "org.apache.hadoop.hive.conf.HiveConf",
  hiveSession: "org.apache.hadoop.hive.ql.session.SessionState",
  hiveObjects: "org.apache.hadoop.hive.metastore.ObjectStore",
  // That a task failed and is tried again: the widget counts it, and one that failed for good is the error of the job.
  tasks: "org.apache.spark.scheduler.TaskSetManager",
  // That a checkpoint must not be on the local file system: here it is on the shared folder, or refused.
  checkpoints: "org.apache.spark.SparkContext",
  // That a streaming query without a checkpointLocation has a temporary one, and plans its batches without adaptive execution.
  streams: "org.apache.spark.sql.execution.streaming.runtime.ResolveWriteToStream",
  batches: "org.apache.spark.sql.execution.streaming.runtime.MicroBatchExecution",
  streamsOf3: "org.apache.spark.sql.execution.streaming.ResolveWriteToStream",
  batchesOf3: "org.apache.spark.sql.execution.streaming.MicroBatchExecution",
  // That a path which is not there has no metadata of a stream either: the error of the cell names the path.
  streamFiles: "org.apache.spark.sql.execution.streaming.sinks.FileStreamSink",
  streamFilesOf3: "org.apache.spark.sql.execution.streaming.FileStreamSink",
  // That MLlib counts without a native BLAS, in Java's own vectors: there is none in the image.
  blas: "dev.ludovic.netlib",
};

/**
 * A barrier stage that has fewer executors than tasks is tried again every 15 s. That it is at first only says that executors are still
 * starting; from the second time on a cell says so.
 */
const firstOfBarrier = {
  "logger.barrier.name": "org.apache.spark.scheduler.DAGScheduler",
  "logger.barrier.level": "warn",
  "logger.barrier.filter.first.type": "RegexFilter",
  "logger.barrier.filter.first.regex": "Barrier stage .* Will retry up to 40 more times.*",
  "logger.barrier.filter.first.onMatch": "DENY",
  "logger.barrier.filter.first.onMismatch": "NEUTRAL",
};

/** The database layer of Hive's client: that its database cannot be reached, Hive reports as well, once for each try. */
const silent = { databases: "DataNucleus" };

/**
 * What drivers log, into the cell that runs: warnings, each with the first line of its exception. The whole of it is in the error that
 * Python raises.
 */
export function driverLogging(): string {
  const loggers = [[quiet, "error"] as const, [silent, "off"] as const].flatMap(([names, level]) =>
    Object.entries(names).flatMap(([logger, name]) => [
      [`logger.${logger}.name`, name],
      [`logger.${logger}.level`, level],
    ]),
  );
  return stringify({
    "rootLogger.level": "warn",
    "rootLogger.appenderRef.stderr.ref": "stderr",
    "appender.stderr.type": "Console",
    "appender.stderr.name": "stderr",
    "appender.stderr.target": "SYSTEM_ERR",
    "appender.stderr.layout.type": "PatternLayout",
    // Or Log4j adds the whole trace, because it does not look for %ex inside of %notEmpty.
    "appender.stderr.layout.alwaysWriteExceptions": "false",
    // Some of Hive's messages have a trace in them.
    "appender.stderr.layout.pattern": "%d{yy/MM/dd HH:mm:ss} %p %c{1}: %replace{%m}{(?s)\\n\\tat .*}{}%notEmpty{%n%ex{1}}%n",
    ...(Object.fromEntries(loggers) as Record<string, string>),
    ...firstOfBarrier,
  });
}
