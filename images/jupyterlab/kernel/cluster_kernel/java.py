"""Starts a session's Java with the kernel, so that getOrCreate() does not wait for it."""

import contextlib
import fcntl
import os
import pathlib
import re
import shlex
import shutil
import signal
import struct
import subprocess
import tempfile
import threading
import time

from spark_cluster.imports import when_imported

from .sessions import without_progress_bar

# Seconds after which a Java that no session has taken is ended, to free its memory.
PATIENCE = 600
# Held by a kernel whose Java waits. Only one waits in the container at a time: the memory of JupyterLab's sum counts running sessions.
LOCK = "/tmp/spark-cluster-java.lock"
BETWEEN_LOOKS = 0.01
# Classes whose initialization takes longest at the start of a session: half a second for the functions of Spark's ML.
SLOW_CLASSES = ("org.apache.spark.sql.ml.InternalFunctionRegistration$", "org.apache.spark.sql.catalyst.expressions.codegen.CodeGenerator$")

# Settings that Spark reads when a session starts. All others may be read when Java starts, so a session with one gets a new Java.
OF_SESSION = re.compile(
    r"spark\.(app\.name|master|cores\.max|default\.parallelism|serializer|task\.cpus|executor\.(cores|memory|instances)"
    r"|(sql|ui|scheduler|dynamicAllocation|speculation|shuffle|memory|broadcast|rdd|python|kryoserializer|streaming|eventLog)\..+)"
)


def situation():
    """What Java has from this process and from files when it starts."""
    folder = pathlib.Path(os.environ.get("SPARK_CONF_DIR", "/etc/spark-cluster"))
    files = {file.name: (file.stat().st_mtime_ns, file.stat().st_ino) for file in folder.iterdir()}
    return {**os.environ, "PYSPARK_SUBMIT_ARGS": without_progress_bar()}, os.getcwd(), files


def ignore_interrupts():
    """In Java's process: the kernel's interrupts are sent to its whole group."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class Java:
    """Spark's Java before it has a session. It ends with the kernel, which holds its standard input."""

    def __init__(self, lock):
        self._lock, self._begun = lock, situation()
        environment = self._begun[0]
        self._folder = tempfile.mkdtemp(prefix="spark-java-")
        self._file = pathlib.Path(self._folder, "connection")
        self.process = subprocess.Popen(
            [f"{environment['SPARK_HOME']}/bin/spark-submit", *shlex.split(environment["PYSPARK_SUBMIT_ARGS"])],
            env={**environment, "SPARK_CONNECT_MODE": "0", "_PYSPARK_DRIVER_CONN_INFO_PATH": str(self._file)},
            stdin=subprocess.PIPE,
            preexec_fn=ignore_interrupts,
        )
        self._warm = threading.Thread(target=self._initialize, daemon=True, name="spark java")
        self._warm.start()

    def _initialize(self):
        connection = self._connection()
        if connection is None:
            return
        with contextlib.suppress(Exception):  # a class of another version, or the end of Java: the session finds out
            from py4j.clientserver import ClientServer, JavaParameters, PythonParameters

            gateway = ClientServer(JavaParameters(port=connection[0], auth_token=connection[1]), PythonParameters(port=0, eager_load=False))
            with contextlib.closing(gateway):
                for name in SLOW_CLASSES:
                    gateway.jvm.java.lang.Class.forName(name)

    def suits(self, settings):
        return self.process.poll() is None and situation() == self._begun and all(map(OF_SESSION.fullmatch, settings))

    def connection(self):
        """Its port and secret; None if it has ended. Waits until it is ready: two threads that initialize classes can block each other."""
        self._warm.join()
        return self._connection()

    def _connection(self):
        # PySpark reads the same file, in which Java writes both.
        while not self._file.exists():
            if self.process.poll() is not None:
                return None
            time.sleep(BETWEEN_LOOKS)
        content = self._file.read_bytes()
        port, length = struct.unpack("!ii", content[:8])
        return port, content[8 : 8 + length].decode()

    def leave(self):
        """Lets another kernel's Java wait."""
        fcntl.flock(self._lock, fcntl.LOCK_UN)  # also in processes that the kernel has forked
        os.close(self._lock)
        shutil.rmtree(self._folder, ignore_errors=True)

    def end(self):
        self.process.kill()
        self.process.communicate()
        self.leave()


class Ahead:
    """The Java that waits for this kernel's first session, if one does."""

    def __init__(self):
        self._guard, self._java = threading.Lock(), None

    def start(self):
        # A swarm's spark-env.sh asks the master for the number of workers, which may change until the session.
        if "PYSPARK_GATEWAY_PORT" in os.environ or pathlib.Path(os.environ.get("SPARK_CONF_DIR", ""), "spark-env.sh").exists():
            return
        lock = os.open(LOCK, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._java = Java(lock)
        except OSError:  # another waits, or cannot be started: the session reports why
            os.close(lock)
            return
        timer = threading.Timer(PATIENCE, self.end)
        timer.daemon = True
        timer.start()

    def _take(self):
        with self._guard:
            java, self._java = self._java, None
        return java

    def end(self):
        java = self._take()
        if java is not None:
            java.end()

    def patch(self, pyspark):
        context = pyspark.SparkContext
        ensure_initialized = context._ensure_initialized

        def ensure_initialized_ahead(_, instance=None, gateway=None, conf=None):
            with context._lock:
                java = self._take() if context._gateway is None else None
                settings = dict(conf.getAll()) if conf is not None else {}
                connection = java.connection() if java is not None and gateway is None and java.suits(settings) else None
                if java is not None and connection is None:
                    java.end()
                if connection is None:
                    return ensure_initialized(instance, gateway, conf)
                java.leave()
                with variables(PYSPARK_GATEWAY_PORT=str(connection[0]), PYSPARK_GATEWAY_SECRET=connection[1]):
                    ensure_initialized(instance, None, conf)
                context._gateway.proc = java.process
                # As if it had been started with them: a second session in this Java starts with the settings of the first.
                for name, value in settings.items():
                    context._jvm.java.lang.System.setProperty(name, value)

        context._ensure_initialized = classmethod(ensure_initialized_ahead)


@contextlib.contextmanager
def variables(**values):
    os.environ.update(values)
    try:
        yield
    finally:
        for name in values:
            del os.environ[name]


def load():
    ahead = Ahead()
    ahead.start()
    when_imported("pyspark", ahead.patch)
