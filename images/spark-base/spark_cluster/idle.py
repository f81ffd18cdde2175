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
    """The executors of one Java SparkContext. The calls return whether the master took the request."""

    def __init__(self, context):
        self._java, self._jobs = context._jsc.sc(), 0
        self._no_locality = context._jvm.PythonUtils.toScalaMap({})

    def are_used(self):
        """Whether a job runs, or was submitted since the last call. A barrier stage that waits for executors is no running job."""
        before, self._jobs = self._jobs, self._java.dagScheduler().numTotalJobs()
        return self._jobs != before or len(self._java.statusTracker().getActiveJobIds()) > 0

    def are_there(self):
        return self._java.getExecutorIds().size() > 0

    def start(self):
        return self._java.requestTotalExecutors(UNLIMITED, 0, self._no_locality)

    def end(self):
        # Not killed without the master, because the driver would then give them no more tasks.
        return self._java.requestTotalExecutors(0, 0, self._no_locality) and self._java.killExecutors(self._java.getExecutorIds())


class Cells:
    """The running cells of a kernel. `%run` and `%%capture` run cells inside of a cell."""

    def __init__(self):
        self.running, self.ended = 0, 0.0
        self.begun = threading.Event()

    def begins(self, *_):
        self.running += 1
        self.begun.set()

    def ends(self, *_):
        self.ended = time.time()
        self.running = max(0, self.running - 1)


class Idle:
    """The idle time of one session. A running cell counts as work, with or without jobs."""

    def __init__(self, executors, cells, patience, now):
        self._executors, self._cells, self._patience = executors, cells, patience
        self._last, self._ended = now, False

    def look(self, now):
        """Call this repeatedly, from one thread."""
        if self._executors.are_used() or self._cells.running > 0:
            self._last = now
            if self._ended:
                self._ended = not self._executors.start()
        elif now - max(self._last, self._cells.ended) >= self._patience:
            self._last = now
            # A restarted master starts them again.
            if not self._ended or self._executors.are_there():
                self._ended = self._executors.end() or self._ended


def load(pyspark):
    patience = int(os.environ.get("IDLE_SECONDS", "0"))
    if patience == 0:
        return
    cells, current = Cells(), None
    shell = ipython()
    if hasattr(shell, "kernel"):
        shell.events.register("pre_run_cell", cells.begins)
        shell.events.register("post_run_cell", cells.ends)

    def watch(context, idle):
        while idle is current and context._jsc is not None:
            with contextlib.suppress(Exception):  # the session is just ending
                idle.look(time.time())
            cells.begun.wait(BETWEEN_LOOKS)
            cells.begun.clear()

    do_init = pyspark.SparkContext._do_init

    def do_init_watched(this, *args, **kwargs):
        nonlocal current
        do_init(this, *args, **kwargs)
        is_dynamic = this.getConf().get("spark.dynamicAllocation.enabled", "false").lower() == "true"
        if this.master.startswith("spark://") and not is_dynamic:
            current = Idle(Executors(this), cells, patience, time.time())
            threading.Thread(target=watch, args=(this, current), daemon=True, name="spark idle").start()

    pyspark.SparkContext._do_init = do_init_watched
