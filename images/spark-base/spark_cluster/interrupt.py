"""Makes an interrupt (Ctrl-C, a notebook's stop button) cancel the work in the cluster that it interrupts in Python.

PySpark's own handler fails: it calls Java over the connection on which the interrupted call still waits for its answer. In a
notebook it is not even installed, because ipykernel sets Python's own handler for each cell.
"""

import contextlib
import functools
import logging
import queue
import signal
import sys
import threading
import time

from .threads import Threads

# Seconds. A query may start another job after the cancelled one, and one that was just being planned starts its first job late. A
# cell that goes on for longer has caught the interrupt.
BETWEEN_LOOKS = 0.3
QUIET = 3
LATE = 60
ENDING = 10

# A local property of a Java thread, which its jobs, its threads and its streams take over. It is no tag of jobs: users list and clear
# those, and with any tag PySpark fails to call a listener's onQueryStarted.
MARK = "spark-cluster.cell"


class Work:
    """The work that an interrupt ends: a cell, or in a driver without cells everything so far."""

    def __init__(self, began=0, is_cell=False, older_streams=()):
        self.began, self.is_cell, self.running = began, is_cell, is_cell
        self.older_streams = frozenset(older_streams)
        self.ended = float("inf")
        # The value of MARK in its jobs, to tell them from those of the next cell.
        self.mark = str(began)

    def has(self, submitted, group, interrupted, goes_on):
        """Whether a job belongs to this work, by its submission time and its group, which for a stream is the id of its run.

        goes_on: the cell caught the interrupt, and is running jobs that it started afterwards.
        """
        last = float("inf") if self.is_cell and not (self.running and goes_on) else interrupted
        return self.began <= submitted <= last and group not in self.older_streams


class Interrupts:
    def __init__(self, pyspark, say):
        self._pyspark, self._say = pyspark, say
        self._work, self._interrupted, self.threads = Work(), None, Threads()
        self._previous = signal.default_int_handler
        # A queue whose put() may be called in a signal handler.
        self._signals = queue.SimpleQueue()
        self._watched = False

    def install(self):
        """Installs the signal handler, which only the main thread can do."""
        if threading.current_thread() is not threading.main_thread():
            return
        if not self._watched:
            self._watched = True
            threading.Thread(target=self._watch, daemon=True, name="spark interrupt").start()
        previous = signal.getsignal(signal.SIGINT)
        if previous != self._handle:
            self._previous = previous if callable(previous) else signal.default_int_handler
            signal.signal(signal.SIGINT, self._handle)

    def cell_begins(self, *_):
        self._work = Work(time.time(), True, self._streams())
        self._mark()
        self.threads.cell_begins()
        self.install()

    def cell_ends(self, *_):
        self._work.running, self._work.ended = False, time.time()

    def _mark(self):
        """Marks the jobs of this Java thread. An interrupted call continues in a Java thread of its own, with its older mark."""
        with contextlib.suppress(Exception):  # its Java is gone
            scheduler = self._scheduler()
            if scheduler is not None:
                scheduler.setLocalProperty(MARK, self._work.mark)

    def _scheduler(self):
        """The Java SparkContext of the session, None without one."""
        context = self._pyspark.SparkContext._active_spark_context
        return None if context is None or context._jsc is None else context._jsc.sc()

    def guard(self, client):
        """Makes an interrupted call of Java raise KeyboardInterrupt, and the calls of ended threads fail.

        py4j closes the connection of an interrupted call, and may report that instead.
        """
        from py4j.protocol import Py4JNetworkError

        if hasattr(client.send_command, "__wrapped__"):
            return  # a second session
        send = client.send_command

        @functools.wraps(send)
        def send_command(command, *args, **kwargs):
            self.threads.refuse(command)
            try:
                return send(command, *args, **kwargs)
            except Py4JNetworkError:
                is_interrupted = self._work.is_cell and self._interrupted is self._work
                if is_interrupted and threading.current_thread() is threading.main_thread():
                    raise KeyboardInterrupt from None
                raise

        client.send_command = send_command

    def _handle(self, signum, frame):
        self._interrupted = self._work
        self._signals.put(time.time())
        self._leave_connection()
        self._previous(signum, frame)

    def _leave_connection(self):
        """Makes this thread's next call open a new connection: on this one, it would receive the interrupted call's answer."""
        gateway = self._pyspark.SparkContext._gateway
        client = gateway and gateway._gateway_client
        connection = client and client.get_thread_connection()
        if connection is not None and connection not in client.deque:  # it waits for an answer
            client.thread_connection.connection = None

    def _watch(self):
        while True:
            interrupted, work = self._signals.get(), self._work
            if work.is_cell:
                self.threads.end()
                threading.Thread(target=self._cancel_late, args=(work, interrupted), daemon=True, name="spark late jobs").start()
            quiet_since = time.time()
            while work is self._work and (work.running or time.time() < quiet_since + QUIET):
                try:
                    if self._cancel(work, interrupted):
                        quiet_since = time.time()
                except Exception:  # the job or the session has just ended
                    pass
                time.sleep(BETWEEN_LOOKS)

    def _cancel_late(self, work, interrupted):
        """Cancels jobs that an interrupted cell starts when the next cell is already running, unless it caught the interrupt."""
        while time.time() < interrupted + LATE:
            time.sleep(BETWEEN_LOOKS)
            if work is not self._work and work.ended < interrupted + ENDING:
                with contextlib.suppress(Exception):  # the session has just ended
                    scheduler = self._scheduler()
                    for job in () if scheduler is None else marked_jobs(scheduler, work.mark):
                        scheduler.cancelJob(job)

    def _cancel(self, work, interrupted):
        """Cancels the running jobs and streams of a work. Returns whether there were any."""
        scheduler = self._scheduler()
        if scheduler is None:
            return False
        streams, goes_on = self._streams(), waits_for_java()
        jobs = [
            job
            for job, submitted, group in running_jobs(scheduler)
            if work.has(submitted, group, interrupted, goes_on) and (work.is_cell or group not in streams)
        ]
        for job in jobs:
            scheduler.cancelJob(job)
        begun = [stream for run, stream in streams.items() if work.is_cell and run not in work.older_streams]
        for stream in begun:
            stream.stop()
            self._say(f"The streaming query {stream.name or stream.id}, which this cell started, has been stopped.")
        return bool(jobs or begun)

    def _streams(self):
        """The streaming queries of this driver, by the id of their run."""
        session = getattr(sys.modules.get("pyspark.sql"), "SparkSession", None)
        session = session and session._instantiatedSession
        if session is None or session._sc._jsc is None:
            return {}
        try:
            return {query.runId: query for query in session.streams.active}
        except Exception:  # its Java is gone
            return {}


def running_jobs(scheduler):
    """The jobs that a Java SparkContext runs: number, time of submission in seconds, and group."""
    store = scheduler.statusStore()
    for number in scheduler.statusTracker().getActiveJobIds():
        job = store.job(number)
        submitted, group = job.submissionTime(), job.jobGroup()
        yield (
            number,
            submitted.get().getTime() / 1000 if submitted.isDefined() else 0,
            group.get() if group.isDefined() else None,
        )


def marked_jobs(scheduler, mark):
    """The numbers of the running jobs with this mark."""
    active = scheduler.dagScheduler().jobIdToActiveJob()
    for number in scheduler.statusTracker().getActiveJobIds():
        job = active.get(number)
        if job.isDefined() and job.get().properties().getProperty(MARK) == mark:
            yield number


def waits_for_java():
    """Whether the main thread is in a call of Java's."""
    frame = sys._current_frames().get(threading.main_thread().ident)
    while frame is not None:
        if frame.f_globals.get("__name__", "").startswith("py4j."):
            return True
        frame = frame.f_back
    return False


def ipython():
    """The IPython of this process, None without one."""
    module = sys.modules.get("IPython")
    return module and module.get_ipython()


def is_news(record):
    """False for py4j's trace of an interrupted call, which the cell's error shows anyway."""
    return not record.getMessage().startswith(("KeyboardInterrupt while sending", "Exception occurred while shutting down connection"))


def staying_interrupted(call):
    """Keeps KeyboardInterrupt: PySpark asks for the result of the interrupted query, and would raise the query's error."""

    @functools.wraps(call)
    def wrapped(*args, **kwargs):
        try:
            return call(*args, **kwargs)
        except Exception as error:
            cause = error
            while cause is not None:
                cause = cause.__context__
                if isinstance(cause, KeyboardInterrupt):
                    raise KeyboardInterrupt from None
            raise

    return wrapped


def load(pyspark, say):
    interrupts = Interrupts(pyspark, say)
    shell = ipython()
    if shell is not None:
        shell.events.register("pre_run_cell", interrupts.cell_begins)
        shell.events.register("post_run_cell", interrupts.cell_ends)
        interrupts.cell_begins()  # the cell that imports pyspark
    for logger in (logging.getLogger(), logging.getLogger("py4j.clientserver")):
        logger.addFilter(is_news)
    conversion = pyspark.sql.pandas.conversion.PandasConversionMixin
    conversion._collect_as_arrow = staying_interrupted(conversion._collect_as_arrow)
    context = pyspark.SparkContext
    do_init = context._do_init

    def do_init_keeping_handler(this, *args, **kwargs):
        before = signal.getsignal(signal.SIGINT)
        do_init(this, *args, **kwargs)
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, before)
        interrupts.install()
        interrupts.guard(context._gateway._gateway_client)

    context._do_init = do_init_keeping_handler
