// In a package of Spark's, because those are shared by the class loader of a metastore of another version.
package org.apache.spark.sharedwrites

import java.net.URI
import java.util

import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs.{CreateFlag, FSDataOutputStream, LocalFileSystem, Path}
import org.apache.hadoop.fs.permission.FsPermission
import org.apache.hadoop.util.Progressable

/** Hadoop's local file system, for Spark on several containers: it rejects writes to a disk that only one container has. */
class SharedFileSystem extends LocalFileSystem {
  private var places: WritePlaces = _

  override def initialize(name: URI, conf: Configuration): Unit = {
    super.initialize(name, conf)
    places = WritePlaces.of(conf)
  }

  private def checkFolder(path: Path): Unit = {
    val absolute = makeQualified(path)
    if (WritePlaces.inExecutor || !getRawFileSystem.exists(absolute) && isAskedBySpark) {
      places.check(absolute)
    }
  }

  private def checkFile(path: Path): Unit = if (WritePlaces.inExecutor) places.check(makeQualified(path))

  override def mkdirs(path: Path): Boolean = {
    checkFolder(path)
    super.mkdirs(path)
  }

  override def mkdirs(path: Path, permission: FsPermission): Boolean = {
    checkFolder(path)
    super.mkdirs(path, permission)
  }

  /** Spark deletes before it overwrites: if only the write were rejected, the driver's own files would already be lost. */
  override def delete(path: Path, recursive: Boolean): Boolean = {
    if (recursive && getRawFileSystem.exists(makeQualified(path)) && isAskedBySpark) {
      places.check(makeQualified(path))
    }
    super.delete(path, recursive)
  }

  /** False for a user's own call of Hadoop's API. */
  private def isAskedBySpark = StackWalker.getInstance.walk[Boolean](_.anyMatch { frame =>
    frame.getClassName.startsWith("org.apache.spark.") && !frame.getClassName.startsWith(getClass.getName)
  })

  override def create(
      path: Path, permission: FsPermission, overwrite: Boolean, buffer: Int, copies: Short, block: Long, progress: Progressable,
  ): FSDataOutputStream = {
    checkFile(path)
    super.create(path, permission, overwrite, buffer, copies, block, progress)
  }

  override def createNonRecursive(
      path: Path, permission: FsPermission, overwrite: Boolean, buffer: Int, copies: Short, block: Long, progress: Progressable,
  ): FSDataOutputStream = {
    checkFile(path)
    super.createNonRecursive(path, permission, overwrite, buffer, copies, block, progress)
  }

  override def createNonRecursive(
      path: Path, permission: FsPermission, flags: util.EnumSet[CreateFlag], buffer: Int, copies: Short, block: Long,
      progress: Progressable,
  ): FSDataOutputStream = {
    checkFile(path)
    super.createNonRecursive(path, permission, flags, buffer, copies, block, progress)
  }
}
