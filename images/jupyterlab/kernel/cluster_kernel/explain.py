"""A few plain words under the traceback of a cell that Spark let down."""

import gc
import os
import pathlib
import re
import sys

from . import causes, master, sessions
from .waiting import say

PROPERTIES = pathlib.Path(os.environ.get("SPARK_CONF_DIR", "/etc/spark-cluster")) / "spark-defaults.conf"


def sizes(text):
    """The memory settings in a properties file; of the rest, part is secret."""
    settings = dict(line.split(" = ", 1) for line in text.splitlines() if " = " in line)
    return {name: settings[name] for name in causes.SETTINGS.values() if name in settings}


def concerns_spark(error):
    """Whether an error came by way of Spark: Python's own MemoryError in a notebook is none of its executors'."""
    while error is not None:
        module = type(error).__module__
        trace = error.__traceback__
        while trace is not None:
            module += " " + trace.tb_frame.f_globals.get("__name__", "")
            trace = trace.tb_next
        if any(name.split(".")[0] in ("pyspark", "py4j") for name in module.split()):
            return True
        error = error.__cause__ or error.__context__
    return False


def free_shuffles(context):
    """Has Spark take the shuffle files away that nobody needs any more: it does so for what Java's collector finds, by itself too late."""
    if context is not None:
        sys.last_value = sys.last_traceback = None  # hold what the cell made
        gc.collect()
        context._jvm.System.gc()


def load(shell):
    def cell_ends(result):
        error = result.error_in_exec
        if "pyspark" not in sys.modules or error is None or not concerns_spark(error):
            return
        text = causes.chain(error)
        words = causes.explanation(
            text, sizes(PROPERTIES.read_text()), lambda: master.state() is not None
        )
        if words is not None:
            say(words)
        if re.search(causes.DISK_FULL, text):
            free_shuffles(sessions.active_context())

    shell.events.register("post_run_cell", cell_ends)
