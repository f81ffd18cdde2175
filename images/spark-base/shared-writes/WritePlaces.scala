package org.apache.spark.sharedwrites

import java.io.File
import java.util.regex.Pattern

import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs.Path
import org.apache.spark.SparkEnv

/**
 * Where Spark may write in a container: below the folder that all containers share, and in folders that Spark and its libraries
 * keep for themselves.
 *
 * @param shared the shared folder, or the address of a bucket if the executors share no folder
 * @param own    folders that each container has for itself on purpose
 */
class WritePlaces(shared: String, own: Seq[String]) {
  import WritePlaces._

  /** Throws if a driver or an executor must not write to a path. */
  def check(path: Path): Unit = refusal(path.toUri.getPath).filterNot(_ => isLocal).foreach { message =>
    // PySpark shows only the message of this class, without Java's stack, and nothing catches it as a disk error to retry.
    throw new IllegalArgumentException(message)
  }

  /** Why Spark must not write to a path, or None. Links are followed: one may lead out of the shared folder. */
  def refusal(path: String): Option[String] =
    if (isBelow(path, shared) && isBelow(new File(path).getCanonicalPath, shared)) {
      None
    } else if (own.exists(isBelow(path, _)) || path.matches(TemporaryCheckpoint)) {
      None
    } else {
      val asked = Internal.replaceFirstIn(path, "$1")
      val loss = "neither the notebook nor other executors would find what an executor writes there"
      val instead = s"Write below $shared instead, for example to $shared/${new File(asked).getName}"
      Some(s"$asked is on each container's own disk: $loss. $instead.")
    }
}

object WritePlaces {
  /** Names that Spark creates below a user's path: for writes, models and checkpoints. */
  private val names = Seq("_temporary", "_spark_metadata", "_delta_log", ".hive-staging", ".spark-staging", "part-", "metadata/")
  private val uuid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
  private val Internal = s"^(/[^/]+/.+?)/(?:${names.map(Pattern.quote).mkString("|")}|$uuid).*".r

  /** A checkpoint without checkpointLocation, before TemporaryCheckpoints moves it. */
  private val TemporaryCheckpoint = s"${Pattern.quote(System.getProperty("java.io.tmpdir"))}/temporary-$uuid.*"

  /** The places of this process. Its own folders are Spark's, those of Hadoop's and S3A's buffers, and of Hive's sessions. */
  def of(conf: Configuration): WritePlaces = {
    val temporary = System.getProperty("java.io.tmpdir")
    val folders = Seq(
      sys.env.getOrElse("SPARK_LOCAL_DIRS", ""),
      conf.get("hadoop.tmp.dir", ""),
      conf.get("fs.s3a.buffer.dir", ""),
      conf.get("hive.exec.scratchdir", s"$temporary/hive"),
      s"$temporary/${System.getProperty("user.name")}",
    )
    new WritePlaces(conf.get("spark-cluster.shared"), folders.flatMap(_.split(",")).filter(_.startsWith("/")))
  }

  /** Whether this is an executor. A driver can read its own files, but it creates folders for executors to write to. */
  def inExecutor: Boolean = Option(SparkEnv.get).exists(_.executorId != "driver")

  /** Whether driver and executors are one process. */
  private def isLocal = Option(SparkEnv.get).map(_.conf.get("spark.master", "")).exists(m => m == "local" || m.startsWith("local["))

  private def isBelow(path: String, folder: String) = path == folder || path.startsWith(s"$folder/")
}
