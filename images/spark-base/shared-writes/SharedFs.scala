// In the package of LocalFs, because no other package may call its constructors.
package org.apache.hadoop.fs.local

import java.net.URI
import java.util

import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs.{CreateFlag, FSDataOutputStream, Options, Path}
import org.apache.hadoop.fs.permission.FsPermission
import org.apache.hadoop.util.Progressable
import org.apache.spark.sharedwrites.WritePlaces

/** The same as SharedFileSystem, for Hadoop's FileContext, with which streaming queries write their checkpoints. */
class SharedFs(name: URI, conf: Configuration) extends LocalFs(name, conf) {
  private val places = WritePlaces.of(conf)

  override def mkdir(path: Path, permission: FsPermission, createParent: Boolean): Unit = {
    places.check(path)
    super.mkdir(path, permission, createParent)
  }

  override def createInternal(
      path: Path, flags: util.EnumSet[CreateFlag], permission: FsPermission, buffer: Int, copies: Short, block: Long,
      progress: Progressable, checksum: Options.ChecksumOpt, createParent: Boolean,
  ): FSDataOutputStream = {
    if (WritePlaces.inExecutor) places.check(path)
    super.createInternal(path, flags, permission, buffer, copies, block, progress, checksum, createParent)
  }
}
