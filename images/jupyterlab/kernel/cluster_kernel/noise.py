"""Removes lines of Java and Python from a cell that no user can act on. Spark's log is configured in log4j2.properties."""

import logging
import re
import sys
import warnings

noise = re.compile(
    # The JVM's warning about a module that Spark itself requests; no option of Java suppresses it.
    r"^WARNING: Using incubator modules: .*\n"
    # Since Spark 4.2, MLlib looks for a native BLAS. Without one it uses Java's.
    r"|^netlib-\w+: JNI_OnLoad: .*\n"
    # The end of an executor's connection, which Spark reports to a scheduler that has just stopped with the session.
    r"|^.* ERROR Inbox: Ignoring error\n.*SparkException: Could not find CoarseGrainedScheduler\.\n",
    re.MULTILINE,
)

# Spark's warning that a stage has no executor yet. It comes every 15 seconds; the first in a cell is enough, and none is needed
# once the cell knows the reason.
repeated = re.compile(r"^.* TaskSchedulerImpl: Initial job has not accepted any resources; .*\n", re.MULTILINE)

# The pandas API on Spark sets this variable itself where it is needed: in the driver. Set everywhere, it would make pyarrow read
# the wall time of another zone as UTC.
timezone = "'PYARROW_IGNORE_TIMEZONE' environment variable was not set"


# How a foreachBatch function ends when stop() finds it at work. py4j logs the whole error, though nothing has failed.
stopped = re.compile(r"java\.lang\.InterruptedException|ClosedByInterruptException|cancelled part of cancelled job group")


def is_failure(record):
    try:
        text = "" if record.exc_info is None else str(record.exc_info[1])
    except Exception:  # Java is asked for the error's text, and may be gone
        return True
    error, *causes = text.split("\nCaused by: ")
    return not any(stopped.search(each.partition("\n\tat ")[0]) for each in (error, *causes[-1:]))


def is_of_cell(kernel):
    """Whether a record of the kernel is of use. Before Jupyter shuts a kernel down, it interrupts what the kernel may be running.
    If that is no cell, such as the last request of `make submit`, the kernel logs an error though nothing has failed."""

    def keep(record):
        return "KeyboardInterrupt caught" not in record.getMessage() or kernel.get_parent("shell")["header"]["msg_type"] == "execute_request"

    return keep


KEPT = 20_000  # characters


class Quiet:
    """A stream's write, without the noise."""

    def __init__(self, write):
        self._write, self._is_known = write, False
        # The end of what the cell wrote, with the noise. A Java that does not start reports the reason only there.
        self.heard = ""

    def cell_begins(self, *_):
        self.heard, self._is_known = "", False

    def wait_is_explained(self):
        self._is_known = True

    def write(self, text):
        self.heard = (self.heard + text)[-KEPT:]
        kept = repeated.sub(self._first, noise.sub("", text))
        if kept:
            self._write(kept)
        return len(text)

    def _first(self, match):
        known, self._is_known = self._is_known, True
        return "" if known else match.group()


def load(shell):
    stderr = Quiet(sys.stderr.write)
    shell.events.register("pre_run_cell", stderr.cell_begins)
    sys.stderr.write = stderr.write
    warnings.filterwarnings("ignore", re.escape(timezone))
    logging.getLogger("py4j.clientserver").addFilter(is_failure)
    if hasattr(shell, "kernel"):
        shell.kernel.log.addFilter(is_of_cell(shell.kernel))
    return stderr
