package org.apache.spark.sharedwrites

import java.io.{File, IOException}
import java.util.concurrent.TimeUnit

import org.apache.hadoop.fs.{FileSystem, Path}
import org.apache.hadoop.mapreduce.{JobContext, MRJobConfig, OutputCommitter, TaskAttemptContext}
import org.apache.hadoop.mapreduce.lib.output.FileOutputCommitter
import org.apache.parquet.hadoop.ParquetOutputCommitter
import org.apache.spark.sql.execution.datasources.SQLHadoopMapReduceCommitProtocol

/**
 * Lets several jobs write to one folder at the same time. With Spark's own protocol they all use the folder _temporary/0, and the
 * first job to end deletes _temporary, with rows that the others have written and not committed.
 */
class SharedCommits(jobId: String, path: String, dynamicPartitionOverwrite: Boolean = false)
    extends SQLHadoopMapReduceCommitProtocol(jobId, path, dynamicPartitionOverwrite) {
  import SharedCommits.OwnFolder

  /** Committers that the user has chosen, such as S3A's, stay as they are. */
  override protected def setupCommitter(context: TaskAttemptContext): OutputCommitter = super.setupCommitter(context) match {
    case files: FileOutputCommitter if files.getClass == classOf[FileOutputCommitter] =>
      new FileOutputCommitter(files.getOutputPath, named(context)) with OwnFolder
    case files: ParquetOutputCommitter if files.getClass == classOf[ParquetOutputCommitter] =>
      new ParquetOutputCommitter(files.getOutputPath, named(context)) with OwnFolder
    case other => other
  }

  /** The committers name the job's folder by this number. The job's ID is a random UUID, which driver and executors know. */
  private def named(context: TaskAttemptContext): TaskAttemptContext = {
    context.getConfiguration.setInt(MRJobConfig.APPLICATION_ATTEMPT_ID, jobId.hashCode & Int.MaxValue)
    context
  }
}

object SharedCommits {
  /** The age at which the folder of a driver that was killed is deleted, in milliseconds. */
  private val Abandoned = TimeUnit.DAYS.toMillis(7)

  private trait OwnFolder extends FileOutputCommitter {
    /** Deleted with the job's folder, and not created again by the job's next task. A job moves no folder of this name. */
    private def mark(context: JobContext) = new Path(getJobAttemptPath(context), s"${FileOutputCommitter.PENDING_DIR_NAME}/begun")

    private def files(context: JobContext): FileSystem = getOutputPath.getFileSystem(context.getConfiguration)

    override def setupJob(context: JobContext): Unit = {
      super.setupJob(context)
      files(context).mkdirs(mark(context))
    }

    override def commitJob(context: JobContext): Unit = {
      if (!files(context).exists(mark(context))) {
        // Of this class for the same reasons as in WritePlaces.
        throw new IllegalArgumentException(
          s"While this wrote to $getOutputPath, another session or thread overwrote or deleted the folder. The rows of this write are " +
            "lost; with mapreduce.fileoutputcommitter.algorithm.version=2, some may be there. Run it again when the other has ended.")
      }
      super.commitJob(context)
    }

    /** Called after a commit and on an abort. */
    override def cleanupJob(context: JobContext): Unit = {
      val (own, all) = (getJobAttemptPath(context), files(context))
      all.delete(own, true)
      try {
        val limit = System.currentTimeMillis - Abandoned
        for (job <- all.listStatus(own.getParent) if job.getModificationTime > 0 && job.getModificationTime < limit) {
          all.delete(job.getPath, true)
        }
        // Java deletes no folder with content. Hadoop's local file system looks first, and then deletes what another job has just made.
        if (all.getUri.getScheme == "file") new File(own.getParent.toUri.getPath).delete() else all.delete(own.getParent, false)
      } catch {
        case _: IOException => // another job's folder is in it, or another job has just deleted it
      }
    }
  }
}
