"""The daemon that forks an executor's Python workers (`spark.python.daemon.module`). It extends PySpark's daemon: it limits the
memory and the home of its workers, puts temporary files on the disk, enters the driver's working folder, and reloads edited
modules of the shared folder before a task."""

import os

from . import folders, guard, memory, modules


def set_temporary_folder():
    """Puts temporary files below the application's folder, which the worker deletes at its end (`ExecutorRunner`)."""
    disk = os.environ.get("SPARK_EXECUTOR_DIRS", "").split(os.pathsep)[0]
    if disk:
        os.environ["TMPDIR"] = os.path.join(disk, "tmp")
        os.makedirs(os.environ["TMPDIR"], exist_ok=True)


def load(pyspark_daemon, share):
    run = pyspark_daemon.worker_main

    def worker_main(infile, outfile):
        infile.peek(1)  # blocks until the next task
        memory.offer_to_kernel()
        memory.obey(share)
        modules.forget_changed()
        try:
            run(infile, outfile)
        finally:
            modules.remember()

    pyspark_daemon.worker_main = worker_main


if __name__ == "__main__":
    # Removed from the environment, or PySpark would set RLIMIT_AS. That limits addresses, not memory, and scikit-learn cannot be
    # imported under it.
    share = int(os.environ.pop("PYSPARK_EXECUTOR_MEMORY_MB", 0)) * memory.MEBIBYTE
    set_temporary_folder()
    folders.enter_working_folder()
    guard.start(share)
    from pyspark import daemon

    load(daemon, share)
    daemon.manager()
