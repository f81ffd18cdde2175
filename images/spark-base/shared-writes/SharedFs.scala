// In the package of LocalFs, because no other package may call its constructors.
package org.apache.hadoop.fs.local

import java.net.URI
import java.nio.file
import java.nio.file.{Files, StandardCopyOption}
import java.util

import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs.{CreateFlag, FSDataOutputStream, FileAlreadyExistsException, Options, Path}
import org.apache.hadoop.fs.permission.FsPermission
import org.apache.hadoop.util.Progressable
import org.apache.spark.sharedwrites.WritePlaces

/** The same as SharedFileSystem, for Hadoop's FileContext, with which streaming queries and Delta Lake write their logs. */
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

  /**
   * Two sessions commit to one log by renaming a file to the same name: only one of them may succeed. Hadoop looks for the file
   * first, so both could. A hard link is created in one step, or not at all.
   */
  override def renameInternal(from: Path, to: Path, overwrite: Boolean): Unit =
    if (overwrite || !Files.isRegularFile(onDisk(from)) || !isLinked(from, to)) {
      super.renameInternal(from, to, overwrite)
    } else {
      val sum = onDisk(getChecksumFile(from))
      if (Files.exists(sum)) Files.move(sum, onDisk(getChecksumFile(to)), StandardCopyOption.REPLACE_EXISTING)
      Files.delete(onDisk(from))
    }

  /** Whether a link was created. A file system without links, or a missing folder, is left to Hadoop. */
  private def isLinked(from: Path, to: Path): Boolean =
    try {
      Files.createLink(onDisk(to), onDisk(from))
      true
    } catch {
      case _: file.FileAlreadyExistsException => throw new FileAlreadyExistsException(s"rename destination $to already exists.")
      case _: UnsupportedOperationException | _: file.FileSystemException => false
    }

  private def onDisk(path: Path) = file.Path.of(path.toUri.getPath)
}
