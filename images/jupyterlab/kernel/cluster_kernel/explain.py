"""Prints a short explanation under the traceback of a cell that failed in Spark."""

import functools
import gc
import os
import subprocess
import sys

from spark_cluster import defaults
from spark_cluster.driver import say

from . import causes, failure, master, sessions


def sizes(text):
    """The memory settings in a properties file; some of the other settings are secret."""
    settings = defaults.settings_in(text)
    return {name: settings[name] for name in causes.SETTINGS.values() if name in settings}


class Session:
    """What explanations use of the settings of this kernel's last session: Java may be gone when they are needed."""

    def __init__(self):
        self.settings, self.is_local = {}, False

    def begins(self, java_context):
        conf = java_context.getConf()
        values = {name: conf.get(name, "") for name in causes.SETTINGS.values()}
        self.settings = {name: value for name, value in values.items() if value}
        self.is_local = java_context.master().startswith("local")


def java_exit():
    """The exit code of the driver's Java; None while it runs."""
    gateway = getattr(getattr(sys.modules.get("pyspark"), "SparkContext", None), "_gateway", None)
    process = getattr(gateway, "proc", None)
    try:
        return None if process is None else process.wait(timeout=0.3)  # its connections close a moment before it ends
    except subprocess.TimeoutExpired:
        return None


def module_file(name):
    return getattr(sys.modules.get(name.partition(".")[0]), "__file__", None)


def free_shuffles(context):
    """Makes Spark delete unused shuffle files, which it does only after a garbage collection in Java, and so too late."""
    if context is not None:
        sys.last_value = sys.last_traceback = None  # they refer to the cell's objects
        gc.collect()
        context._jvm.System.gc()


def load(shell, applications, quiet):
    session = Session()
    applications.on_begin(session.begins)

    def cell_ends(result):
        error = result.error_in_exec
        if error is None:
            return
        chain = failure.chain(failure.links(error))
        cluster = sizes(defaults.FILE.read_text())
        facts = causes.Facts(
            settings={**cluster, **session.settings},
            own=frozenset(name for name, value in session.settings.items() if cluster.get(name) != value),
            is_local=session.is_local,
            master_answers=lambda: master.state() is not None,
            spark=os.environ["SPARK_VERSION"],
            java_exit=functools.cache(java_exit),
            heard=quiet.heard,
            module_file=module_file,
            is_of_pyspark=lambda name: str(getattr(shell.user_ns.get(name), "__module__", "")).startswith("pyspark."),
            has_file=os.path.exists,
        )
        words = causes.explanation(chain, facts)
        if words is not None:
            say(words)
        if words == causes.DISK_FULL:
            free_shuffles(sessions.active_context())

    shell.events.register("post_run_cell", cell_ends)
