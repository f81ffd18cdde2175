"""Starts a session's Java with the kernel, so that getOrCreate() does not wait for it."""

import contextlib
import fcntl
import os
import pathlib
import re
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time

from spark_cluster import defaults
from spark_cluster.imports import when_imported

from .sessions import without_progress_bar

# Seconds after which a Java that no session has taken is ended, to free its memory.
PATIENCE = 600
# Seconds. A session starts its own Java if this one is not ready by then.
LATEST = 30
BETWEEN_LOOKS = 0.01
# Held by the kernel whose Java waits. JupyterLab's memory limit is computed from the number of sessions, so only one Java may wait.
LOCK = "/tmp/spark-cluster-java.lock"
# Takes half a second to initialize, the longest of all classes that a session of Spark 4 needs: the functions of its ML.
SLOW_CLASS = "org.apache.spark.sql.ml.InternalFunctionRegistration$"

# NAME=VALUE of settings that Spark reads when a session starts, with values that spark-submit accepts. With any other setting, a
# session starts its own Java.
OF_SESSION = re.compile(
    r"spark\.master=(local(\[.+\])?|spark://.+)"
    r"|spark\.(cores\.max|executor\.(cores|instances)|task\.cpus|default\.parallelism)=[1-9]\d*"
    r"|spark\.executor\.memory=[1-9]\d*[mgMG]"
    r"|spark\.(app\.name|serializer)=.*"
    r"|(?!spark\.sql\.codegen\.cache\.)"
    r"spark\.(sql|ui|scheduler|dynamicAllocation|speculation|shuffle|memory|broadcast|rdd|python|kryoserializer|streaming|eventLog)\..+",
    re.DOTALL,
)

# With one of these variables no Java starts ahead: the session uses another one, or would repeat a failed download of packages.
WITHOUT = ("PYSPARK_GATEWAY_PORT", "PYSPARK_SUBMIT_ARGS", "SPARK_REMOTE")


def situation():
    """What Java takes over from this process, and the files that it reads when it starts."""
    umask = next(line for line in pathlib.Path("/proc/self/status").read_text().splitlines() if line.startswith("Umask:"))
    stamps = {file.name: file.stat() for file in defaults.FILE.parent.iterdir()}
    files = {name: (stamp.st_ino, stamp.st_size, stamp.st_mtime_ns, stamp.st_ctime_ns) for name, stamp in stamps.items()}
    return {**os.environ, "PYSPARK_SUBMIT_ARGS": without_progress_bar()}, os.getcwd(), umask, files


def ignore_interrupts():
    """In Java's process: the kernel's interrupts are sent to its whole group."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class Java:
    """Spark's Java before it has a session. It ends with the kernel, which holds its standard input."""

    def __init__(self):
        self._lock = os.open(LOCK, os.O_CREAT | os.O_RDWR, 0o600)
        self._folder = self.process = self._connection = None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._folder = tempfile.mkdtemp(prefix="spark-java-", dir="/tmp")  # not TMPDIR, which executors see
            self._begun = situation()
            environment = self._begun[0]
            file = pathlib.Path(self._folder, "connection")
            self.process = subprocess.Popen(
                [f"{environment['SPARK_HOME']}/bin/spark-submit", *shlex.split(environment["PYSPARK_SUBMIT_ARGS"])],
                env={**environment, "SPARK_CONNECT_MODE": "0", "_PYSPARK_DRIVER_CONN_INFO_PATH": str(file)},
                stdin=subprocess.PIPE,
                preexec_fn=ignore_interrupts,
            )
        except BaseException:
            self.end()
            raise
        self._preparing = threading.Thread(target=self._prepare, args=(file,), daemon=True, name="spark java")
        self._preparing.start()

    def _prepare(self, file):
        with contextlib.suppress(OSError):  # Java has ended, or somebody has emptied /tmp
            while not file.exists():
                if self.process.poll() is not None:
                    return
                time.sleep(BETWEEN_LOOKS)
            content = file.read_bytes()  # as PySpark reads it
            port, length = struct.unpack("!ii", content[:8])
            secret = content[8 : 8 + length].decode()
            # py4j's protocol. py4j itself would log an end of Java into the user's cell.
            with socket.create_connection(("127.0.0.1", port), LATEST) as connection, connection.makefile("rw") as java:
                for command in (f"A\n{secret}\n", f"c\nz:java.lang.Class\nforName\ns{SLOW_CLASS}\ne\n"):
                    java.write(command)
                    java.flush()
                    java.readline()
            self._connection = port, secret

    def connection(self, settings):
        """The port and the secret for a session with these settings, None if it needs a Java of its own.

        Waits until Java has initialized its class: two threads that initialize classes can block each other.
        """
        with contextlib.suppress(OSError):  # a folder that is gone
            if all(map(OF_SESSION.fullmatch, settings)) and situation() == self._begun:
                self._preparing.join(LATEST)
                if not self._preparing.is_alive() and self.process.poll() is None:
                    return self._connection
        return None

    def leave(self):
        """Releases the lock, so that another kernel's Java may wait, and deletes the file with the secret."""
        fcntl.flock(self._lock, fcntl.LOCK_UN)  # explicitly, because a forked process may have the file open too
        os.close(self._lock)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def end(self):
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
        self.leave()

    def forget(self):
        """In a process that the kernel has forked: Java and the lock stay the kernel's."""
        os.close(self._lock)
        self.process.stdin.close()


class Ahead:
    """The Java that waits for this kernel's first session, if one does."""

    def __init__(self):
        self._guard, self._java = threading.Lock(), None
        self._settings = {}

    def start(self):
        # On a swarm, spark-env.sh computes a session's size from the number of workers when Java starts.
        if any(name in os.environ for name in WITHOUT) or (defaults.FILE.parent / "spark-env.sh").exists():
            return
        with contextlib.suppress(Exception):  # another one waits, or it cannot be started: the session says why
            self._java = Java()
            os.register_at_fork(after_in_child=self._forget)
            timer = threading.Timer(PATIENCE, self.end)
            timer.daemon = True
            timer.start()

    def _take(self):
        with self._guard:
            java, self._java = self._java, None
        return java

    def _forget(self):
        java, self._java, self._guard = self._java, None, threading.Lock()
        if java is not None:
            java.forget()

    def end(self):
        java = self._take()
        if java is not None:
            java.end()

    def patch(self, pyspark):
        context = pyspark.SparkContext
        ensure_initialized = context._ensure_initialized

        def ensure_initialized_ahead(_, instance=None, gateway=None, conf=None):
            with context._lock:
                self._settings = {}
                java = self._take() if context._gateway is None else None
                if java is not None and gateway is None:
                    self._hand_over(java, context, ensure_initialized, conf)
                elif java is not None:
                    java.end()
                ensure_initialized(instance, gateway, conf)

        context._ensure_initialized = classmethod(ensure_initialized_ahead)

    def _hand_over(self, java, context, ensure_initialized, conf):
        """Connects PySpark to this Java, if a session with these settings can use it, and otherwise ends it."""
        try:
            given = dict(conf.getAll()) if conf is not None else {}
            connection = java.connection([f"{name}={value}" for name, value in given.items()])
            if connection is not None:
                with variables(PYSPARK_GATEWAY_PORT=str(connection[0]), PYSPARK_GATEWAY_SECRET=connection[1]):
                    ensure_initialized(None, None, conf)
                context._gateway.proc = java.process
                self._settings = given
        finally:
            if context._gateway is not None and context._gateway.proc is java.process:
                java.leave()
            else:
                java.end()

    def begins(self, java_context):
        """Sets a session's settings as Java's properties, as spark-submit does: Java's later sessions have them too."""
        settings, self._settings = self._settings, {}
        if settings:
            from pyspark import SparkContext

            for name, value in settings.items():
                SparkContext._jvm.java.lang.System.setProperty(name, value)


@contextlib.contextmanager
def variables(**values):
    os.environ.update(values)
    try:
        yield
    finally:
        for name in values:
            del os.environ[name]


def load(applications):
    ahead = Ahead()
    ahead.start()
    applications.on_begin(ahead.begins)
    when_imported("pyspark", ahead.patch)
