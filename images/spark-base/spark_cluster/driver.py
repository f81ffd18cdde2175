"""Additions to drivers of all kinds: notebooks, scripts and shells."""

import functools
import os
import sys
import tempfile
import types

from .imports import when_imported

# Their values before the user's code sets any.
STARTED_WITH = {name: os.environ.get(name) for name in ("JAVA_HOME", "SPARK_HOME", "PYSPARK_PYTHON")}

# Whether spark-submit has started Java, and Java this process.
STARTED_BY_JAVA = "PYSPARK_GATEWAY_PORT" in os.environ


def say(text):
    print(f"[spark-cluster] {text}", file=sys.stderr, flush=True)


def parent():
    """The name of the program that has started this one."""
    with open(f"/proc/{os.getppid()}/comm") as file:
        return file.read().strip()


def leave_input():
    """Ends standard input if Java has started this process: its input is then a pipe that Java neither fills nor closes.

    Child processes of such a process have the same environment, and an input of their own.
    """
    if STARTED_BY_JAVA and parent() == "java":
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)


def keep_gateway_private(pyspark):
    """Java writes the secret of its connection with Python into a temporary file. TMPDIR is on the shared volume, /tmp is the container's."""
    from pyspark import java_gateway

    java_gateway.tempfile = types.SimpleNamespace(mkdtemp=functools.partial(tempfile.mkdtemp, dir="/tmp"), mkstemp=tempfile.mkstemp)


def leave_master_to_java():
    """spark-class puts the cluster's master into MASTER, for spark-submit. PySpark refuses a remote next to it."""
    if os.environ.get("MASTER") == os.environ.get("SPARK_CLUSTER_MASTER"):
        os.environ.pop("MASTER", None)


def load(pyspark):
    if any(argument.startswith("pyspark.") for argument in sys.orig_argv[1:]):
        return  # python -m spark_cluster.daemon pyspark.worker: the Python of an executor
    from . import errors, folders, forks, given, idle, interrupt, pages

    keep_gateway_private(pyspark)
    when_imported("py4j.clientserver", lambda module: forks.load(module.ClientServerConnection))
    when_imported("pyspark.logger", lambda module: errors.load(module.PySparkLogger))  # since Spark 4
    pages.load(pyspark)
    leave_master_to_java()
    folders.load(pyspark)
    given.load(pyspark)
    interrupt.load(pyspark, say)
    idle.load(pyspark)
