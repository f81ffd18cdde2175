"""The Spark application of this kernel: when it begins, which it is, and where its pages are."""

import os
import sys
import time

from spark_cluster.imports import when_imported
from spark_cluster.settings import MASTER

# Seconds. Spark asks the master three times, and gives each 20 s (StandaloneAppClient).
GIVES_UP = 60
GAVE_UP = "All masters are unresponsive: Spark has given up after a minute."


class Applications:
    """Those of one kernel. There is at most one at a time."""

    def __init__(self):
        # Since when Spark asks the master to let an application in; None while it does not.
        self.asking_since = None
        self._begun = []

    def on_begin(self, call):
        """`call` gets the Java SparkContext of every application as it begins."""
        self._begun.append(call)

    def patch(self, pyspark):
        context = pyspark.SparkContext
        ensure_initialized = context._ensure_initialized

        def ensure_initialized_quietly(_, *args, **kwargs):
            keep_progress_to_the_page()
            ensure_initialized(*args, **kwargs)

        context._ensure_initialized = classmethod(ensure_initialized_quietly)
        initialize, own_address = context._initialize_context, context.uiWebUrl

        def initialize_context(this, conf):
            asks_master = conf.get("spark.master", "") == MASTER
            begin = time.time()
            self.asking_since = begin if asks_master else None
            try:
                java_context = initialize(this, conf)
            except Exception as error:
                # Where Spark gives up in the middle of its start, what comes next there finds anything of the context stopped.
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
        context.uiWebUrl = property(
            lambda this: page_of(this._jsc.sc()) or own_address.fget(this), doc=own_address.__doc__
        )


def demand_registration(java_context):
    """Fails where the master gave the application no id. Spark itself hands out a context that has ended, in the way of every other."""
    context = java_context.sc()
    if context.master().startswith("spark://") and not context.applicationId().startswith("app-"):
        java_context.stop()
        raise RuntimeError(GAVE_UP)


def page_of(context):
    """The page of a Java SparkContext as a browser finds it, through the master; None where the master does not know it."""
    proxy = context.conf().get("spark.ui.reverseProxyUrl", "")
    if not proxy or not context.master().startswith("spark://") or context.ui().isEmpty():
        return None
    return f"{proxy.rstrip('/')}/proxy/{context.applicationId()}"


def active_context():
    """The SparkContext of this kernel's application, None where there is none."""
    pyspark = sys.modules.get("pyspark")
    return getattr(getattr(pyspark, "SparkContext", None), "_active_spark_context", None)


def keep_progress_to_the_page():
    """The widget shows it under the cell. A bar of Spark's own would be written over and over into the cell's output."""
    submit = os.environ.get("PYSPARK_SUBMIT_ARGS", "pyspark-shell")
    if "spark.ui.showConsoleProgress" not in submit:
        os.environ["PYSPARK_SUBMIT_ARGS"] = f"--conf spark.ui.showConsoleProgress=false {submit}"


def load():
    applications = Applications()
    when_imported("pyspark", applications.patch)
    return applications
