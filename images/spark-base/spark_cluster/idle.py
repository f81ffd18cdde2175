"""Ends the executors of an idle session, and starts them again with its next cell or job.

Not by Spark's dynamic allocation, with which barrier stages fail.
"""

import contextlib
import os
import threading
import time

from .interrupt import ipython

BETWEEN_LOOKS = 1  # seconds
UNLIMITED = 2**31 - 1  # the session stays limited by spark.cores.max


class Executors:
    """The executors of one Java SparkContext."""

    def __init__(self, context):
        self._java = context._jsc.sc()
        self._no_locality = context._jvm.PythonUtils.toScalaMap({})

    def are_used(self):
        return len(self._java.statusTracker().getActiveJobIds()) > 0

    def start(self):
        self._java.requestTotalExecutors(UNLIMITED, 0, self._no_locality)

    def end(self):
        self._java.requestTotalExecutors(0, 0, self._no_locality)
        self._java.killExecutors(self._java.getExecutorIds())


class Idle:
    """The idle time of one session. A running cell counts as work, with or without jobs."""

    def __init__(self, executors, patience, now):
        self._executors, self._patience, self._last = executors, patience, now
        self._in_cell = self._ended = False
        self._lock = threading.Lock()

    def cell_begins(self):
        self._in_cell = True
        self._start()

    def cell_ends(self, now):
        self._in_cell, self._last = False, now

    def look(self, now):
        """Call this repeatedly."""
        if self._in_cell or self._executors.are_used():
            self._last = now
            self._start()
        elif now - self._last >= self._patience:
            self._end()

    def _start(self):
        with self._lock:
            if self._ended:
                self._executors.start()
                self._ended = False

    def _end(self):
        with self._lock:
            if not self._ended and not self._in_cell:
                self._ended = True
                self._executors.end()


def load(pyspark):
    patience = int(os.environ.get("IDLE_SECONDS", "0"))
    if patience == 0:
        return
    current = None

    def watch(context, idle):
        while idle is current and context._jsc is not None:
            with contextlib.suppress(Exception):  # the session is just ending
                idle.look(time.time())
            time.sleep(BETWEEN_LOOKS)

    def begins(*_):
        with contextlib.suppress(Exception):  # its Java is gone
            if current is not None:
                current.cell_begins()

    def ends(*_):
        if current is not None:
            current.cell_ends(time.time())

    shell = ipython()
    if shell is not None:
        shell.events.register("pre_run_cell", begins)
        shell.events.register("post_run_cell", ends)
    do_init = pyspark.SparkContext._do_init

    def do_init_watched(this, *args, **kwargs):
        nonlocal current
        do_init(this, *args, **kwargs)
        is_dynamic = this.getConf().get("spark.dynamicAllocation.enabled", "false") == "true"
        if this.master.startswith("spark://") and not is_dynamic:
            current = Idle(Executors(this), patience, time.time())
            if shell is not None:
                current.cell_begins()  # the cell that starts the session
            threading.Thread(target=watch, args=(this, current), daemon=True, name="spark idle").start()

    pyspark.SparkContext._do_init = do_init_watched
