"""The daemon that forks an executor's Python workers (`spark.python.daemon.module`). It extends PySpark's daemon: it limits the
memory and the home of its workers, puts temporary files on the disk, enters the driver's working folder, and reloads edited
modules of the shared folder before a task."""

import os
import socket

from . import folders, guard, memory, modules


def set_temporary_folder():
    """Puts temporary files below the application's folder, which the worker deletes at its end (`ExecutorRunner`)."""
    disk = os.environ.get("SPARK_EXECUTOR_DIRS", "").split(os.pathsep)[0]
    if disk:
        os.environ["TMPDIR"] = os.path.join(disk, "tmp")
        os.makedirs(os.environ["TMPDIR"], exist_ok=True)


def load(pyspark_daemon, share):
    # Not worker_main: since Spark 4.2, the daemon imports it only in the worker.
    run = pyspark_daemon.worker

    def worker(connection, authenticated):
        connection.recv(1, socket.MSG_PEEK)  # blocks until the next task
        memory.offer_to_kernel()
        memory.obey(share)
        modules.forget_changed()
        try:
            return run(connection, authenticated)
        finally:
            modules.remember()

    pyspark_daemon.worker = worker


if __name__ == "__main__":
    # Removed from the environment, or PySpark would set RLIMIT_AS. That limits addresses, not memory, and scikit-learn cannot be
    # imported under it.
    share = int(os.environ.pop("PYSPARK_EXECUTOR_MEMORY_MB", 0)) * memory.MEBIBYTE
    set_temporary_folder()
    executor_folder = os.getcwd()
    folders.enter_working_folder()
    guard.start(share)
    from pyspark import SparkFiles

    folders.find_added_files(SparkFiles, executor_folder)
    from pyspark import daemon

    load(daemon, share)
    daemon.manager()
