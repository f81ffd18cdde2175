package org.apache.spark.sharedwrites

import org.apache.hadoop.fs.Path
import org.apache.spark.sql.{SparkSession, SparkSessionExtensions, SparkSessionExtensionsProvider}
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.catalyst.rules.Rule
import org.apache.spark.sql.catalyst.streaming.WriteToStream

/**
 * Moves the checkpoint of a streaming query without checkpointLocation from the driver's temporary folder to a folder that
 * executors share: they keep the state of aggregations there, and in the next batch another executor may need a partition of it.
 */
class TemporaryCheckpoints extends SparkSessionExtensionsProvider {
  override def apply(extensions: SparkSessionExtensions): Unit = extensions.injectPostHocResolutionRule(new Move(_))

  private class Move(session: SparkSession) extends Rule[LogicalPlan] {
    /** Applying it twice changes nothing: Spark 3 may load this both as a service and by spark.sql.extensions. */
    override def apply(plan: LogicalPlan): LogicalPlan = plan match {
      // Spark itself deletes only checkpoints in temporary folders.
      case write: WriteToStream if write.deleteCheckpointOnStop =>
        val conf = session.sessionState.newHadoopConf()
        Option(conf.get("spark-cluster.temporary")).fold[LogicalPlan](write) { folder =>
          val before = new Path(write.resolvedCheckpointLocation)
          val after = new Path(s"$folder/${session.sparkContext.getConf.get("spark.driver.host")}", before.getName)
          val files = after.getFileSystem(conf)
          files.mkdirs(after)
          files.deleteOnExit(after)
          write.copy(resolvedCheckpointLocation = files.makeQualified(after).toString)
        }
      case other => other
    }
  }
}
