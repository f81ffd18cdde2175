"""Reports in a cell why it waits: for executors that others have, or for a master that is gone or does not register it."""

import contextvars
import threading
import time

from spark_cluster.driver import say

from . import master
from .sessions import active_context

# Seconds. On an idle cluster, executors start sooner, and an application is registered sooner.
PATIENCE = 8
REGISTRATION = 15
# Spark has asked the master three times by then, after 0, 20 and 40 seconds: the first ones may have been too early.
REFUSED = 45
BETWEEN_QUESTIONS = 3


class Wait:
    """How long something has been missing, and whether the cell has reported why."""

    def __init__(self, say, patience, end):
        self._say, self._patience, self._end = say, patience, end
        self._since = None
        self._asked = 0
        self.told = False

    def look(self, now, missing, why):
        """Call this repeatedly. Once the patience is over, it calls `why` until that returns a reason."""
        if not missing:
            if self.told and self._end:
                self._say(self._end)
            self._since, self.told = None, False
            return
        if self._since is None:
            self._since = now
        if self.told or now - self._since < self._patience or now - self._asked < BETWEEN_QUESTIONS:
            return
        self._asked = now
        reason = why()
        if reason is not None:
            self._say(reason)
            self.told = True


class Watch:
    """One cell's watch over the application."""

    def __init__(self, applications, say):
        self._applications = applications
        self._registration = Wait(say, REGISTRATION, None)
        self._executors = Wait(say, PATIENCE, "It has executors now and goes on.")
        self._ends = master.Ends()

    def look(self):
        now, asking = time.time(), self._applications.asking_since
        self._registration.look(now, asking is not None, lambda: self._refusal(asking, now))
        context = active_context() if asking is None else None
        on_cluster = context is not None and context._jsc is not None and context.master.startswith("spark://")
        scheduler = context._jsc.sc() if on_cluster else None
        tracker = scheduler.statusTracker() if on_cluster else None
        # The list includes the driver. A session without a job needs no executors, and has none after idleTimeout.
        missing = on_cluster and len(tracker.getExecutorInfos()) < 2 and (self._executors.told or len(tracker.getActiveJobIds()) > 0)
        self._executors.look(now, missing, lambda: self._shortage(scheduler))

    @staticmethod
    def _refusal(asking, now):
        state = master.state()
        if state is not None and (now - asking < REFUSED or master.has_begun(state, asking)):
            return None
        return master.refusal(state)

    def _shortage(self, scheduler):
        conf, application = scheduler.conf(), scheduler.applicationId()
        cores = int(conf.get("spark.executor.cores", "1"))
        memory = conf.getSizeAsMb("spark.executor.memory", "1g")
        reason = master.shortage(master.state(), application, cores, memory)
        return self._ends.reason(application, conf.get("spark.ui.reverseProxyUrl", "")) if reason is None else reason


class Cells:
    """Watches the running cell, from one thread for all cells, because each Python thread gets its own Java thread."""

    def __init__(self, applications, say):
        self._applications, self._say = applications, say
        self._running = threading.Event()
        self._context = self._watch = None

    def begins(self, *_):
        # In the cell's own context, ipykernel assigns the output to the cell.
        self._context, self._watch = contextvars.copy_context(), Watch(self._applications, self._say)
        self._running.set()

    def ends(self, *_):
        self._running.clear()

    def watch(self):
        while self._running.wait():
            time.sleep(1)
            if self._running.is_set():
                try:
                    self._context.run(self._watch.look)
                except Exception:  # the session may just be ending; try again in a second
                    continue


def load(shell, applications, quiet):
    def explain(text):
        quiet.wait_is_explained()
        say(text)

    cells = Cells(applications, explain)
    shell.events.register("pre_run_cell", cells.begins)
    shell.events.register("post_run_cell", cells.ends)
    threading.Thread(target=cells.watch, daemon=True, name="spark waiting").start()
