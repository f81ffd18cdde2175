"""The Spark application of this kernel: its start and its context."""

import os
import sys
import time

from spark_cluster.imports import when_imported
from spark_cluster.settings import MASTER

# Seconds. Spark tries to register with the master three times, for 20 s each (StandaloneAppClient).
GIVES_UP = 60
GAVE_UP = "All masters are unresponsive: Spark has given up after a minute."


class Applications:
    """The applications of one kernel, at most one at a time."""

    def __init__(self):
        # The time since when Spark tries to register an application with the master; None otherwise.
        self.asking_since = None
        self._begun = []

    def on_begin(self, call):
        """Calls `call` with the Java SparkContext of every application at its start."""
        self._begun.append(call)

    def patch(self, pyspark):
        context = pyspark.SparkContext
        ensure_initialized = context._ensure_initialized

        def ensure_initialized_quietly(_, *args, **kwargs):
            os.environ["PYSPARK_SUBMIT_ARGS"] = without_progress_bar()
            ensure_initialized(*args, **kwargs)

        context._ensure_initialized = classmethod(ensure_initialized_quietly)
        initialize = context._initialize_context

        def initialize_context(this, conf):
            asks_master = conf.get("spark.master", "") == MASTER
            begin = time.time()
            self.asking_since = begin if asks_master else None
            try:
                java_context = initialize(this, conf)
            except Exception as error:
                # If Spark gives up during its start, the next step fails with any error of a stopped context.
                if asks_master and time.time() - begin >= GIVES_UP:
                    raise RuntimeError(GAVE_UP) from error
                raise
            finally:
                self.asking_since = None
            demand_registration(java_context)
            for call in self._begun:
                call(java_context)
            return java_context

        context._initialize_context = initialize_context


def demand_registration(java_context):
    """Fails if the master gave the application no id. Spark itself would return a stopped context, which blocks every new one."""
    context = java_context.sc()
    if context.master().startswith("spark://") and not context.applicationId().startswith("app-"):
        java_context.stop()
        raise RuntimeError(GAVE_UP)


def active_context():
    """The SparkContext of this kernel's application, None without one."""
    pyspark = sys.modules.get("pyspark")
    return getattr(getattr(pyspark, "SparkContext", None), "_active_spark_context", None)


def without_progress_bar():
    """PYSPARK_SUBMIT_ARGS without Spark's progress bar: the widget shows the progress, and the bar would fill the cell's output."""
    submit = os.environ.get("PYSPARK_SUBMIT_ARGS", "pyspark-shell")
    return submit if "spark.ui.showConsoleProgress" in submit else f"--conf spark.ui.showConsoleProgress=false {submit}"


def load():
    applications = Applications()
    when_imported("pyspark", applications.patch)
    return applications
