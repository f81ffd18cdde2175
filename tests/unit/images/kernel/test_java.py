import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time
import types
import unittest
from unittest import mock

from cluster_kernel import java

HERE = pathlib.Path(__file__).parent

# Opens a session's Java ahead, says its process, and forks a process that outlives it.
KERNEL = """
import os, pathlib, sys, time
from cluster_kernel import java
java.LOCK = sys.argv[1]
ahead = java.Ahead()
ahead.start()
if os.fork() == 0:
    time.sleep(20)
    os._exit(0)
print(ahead._java.process.pid, flush=True)
time.sleep(20)
"""


def runs(process):
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")")[1].split()[0] != "Z"
    except OSError:
        return False


class Conf(dict):
    def getAll(self):
        return self.items()


class WaitingJava(unittest.TestCase):
    def setUp(self):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "bin").mkdir()
        (folder / "bin/spark-submit").symlink_to(HERE / "gateway.py")
        self.conf = folder / "conf"
        self.conf.mkdir()
        (self.conf / "spark-defaults.conf").touch()
        self.lock = folder / "lock"
        self.enterContext(mock.patch.dict(os.environ, {"SPARK_HOME": str(folder), "TMPDIR": str(folder)}))
        self.enterContext(mock.patch.object(tempfile, "tempdir", str(folder)))
        self.enterContext(mock.patch.object(java.defaults, "FILE", self.conf / "spark-defaults.conf"))
        self.enterContext(mock.patch.object(java, "LOCK", str(self.lock)))
        self.ahead = java.Ahead()
        self.addCleanup(self.ahead.end)

    def start(self):
        self.ahead.start()
        return self.ahead._java.process

    def session(self, **settings):
        """The process of a session's Java, None for one that PySpark starts itself, and Java's properties once it has begun."""
        properties = {}
        system = types.SimpleNamespace(setProperty=properties.__setitem__)

        class SparkContext:
            _lock, _gateway = threading.RLock(), None
            _jvm = types.SimpleNamespace(java=types.SimpleNamespace(lang=types.SimpleNamespace(System=system)))

            @classmethod
            def _ensure_initialized(cls, instance=None, gateway=None, conf=None):
                cls._gateway = cls._gateway or types.SimpleNamespace(proc=None, secret=os.environ.get("PYSPARK_GATEWAY_SECRET"))

        pyspark = types.SimpleNamespace(SparkContext=SparkContext)
        self.ahead.patch(pyspark)
        SparkContext._ensure_initialized(conf=Conf(settings))
        self.assertNotIn("PYSPARK_GATEWAY_PORT", os.environ)
        gateway = SparkContext._gateway
        self.assertEqual(gateway.secret, "secret" if gateway.proc is not None else None)
        if gateway.proc is not None:
            self.addCleanup(gateway.proc.communicate)
        self.assertEqual({}, properties)
        with mock.patch.dict(sys.modules, {"pyspark": pyspark}):
            self.ahead.begins(None)
        return gateway.proc, properties

    def own(self, process, **settings):
        """Asserts that a session starts its own Java, and that the waiting one has ended."""
        self.assertEqual((None, {}), self.session(**settings), settings)
        self.assertIsNotNone(process.poll(), settings)
        self.assertEqual([], [*pathlib.Path(tempfile.gettempdir()).glob("spark-java-*")])

    def test_a_session_takes_it_with_its_settings(self):
        process = self.start()
        settings = {"spark.app.name": "birds\n", "spark.sql.shuffle.partitions": "4", "spark.master": "local[2]", "spark.executor.memory": "2g"}
        self.assertEqual((process, settings), self.session(**settings))
        self.assertIsNone(process.poll())

    def test_a_session_starts_its_own_for_settings_that_java_or_spark_submit_reads(self):
        for name, value in {
            "spark.driver.memory": "2g",
            "spark.jars": "birds.jar",
            "spark.hadoop.fs.s3a.access.key": "key",
            "spark.sql.codegen.cache.maxEntries": "1",
            "spark.master": "yarn",
            "spark.executor.memory": "2 GB",
            "spark.executor.instances": "0",
        }.items():
            self.own(self.start(), **{name: value})

    def test_a_session_starts_its_own_after_a_change_of_what_java_takes_over(self):
        def variable():
            os.environ["AWS_PROFILE"] = "birds"

        def folder():
            self.addCleanup(os.chdir, os.getcwd())
            os.chdir("/")

        def umask():
            self.addCleanup(os.umask, os.umask(0))

        def file():
            (self.conf / "spark-defaults.conf").unlink()
            (self.conf / "spark-defaults.conf").write_text("spark.executor.memory 2g")

        def no_folder():
            (self.conf / "spark-defaults.conf").unlink()
            self.conf.rmdir()

        for change in (variable, folder, umask, file, no_folder):
            process = self.start()
            change()
            self.own(process)

    def test_a_session_starts_its_own_if_it_has_ended_or_is_not_ready(self):
        process = self.start()
        process.kill()
        process.wait()
        self.own(process)
        with mock.patch.dict(os.environ, {"GATEWAY": "silent"}), mock.patch.object(java, "LATEST", 0.2):
            self.own(self.start())

    def test_it_ends_if_the_cell_is_interrupted_and_another_may_wait(self):
        process = self.start()
        with mock.patch.object(self.ahead._java._preparing, "join", side_effect=KeyboardInterrupt), self.assertRaises(KeyboardInterrupt):
            self.session()
        self.assertIsNotNone(process.poll())
        self.assertIsNone(self.start().poll())

    def test_one_waits_at_a_time(self):
        process = self.start()
        other = java.Ahead()
        self.addCleanup(other.end)
        other.start()
        self.assertIsNone(other._java)
        self.assertIs(process, self.session()[0])
        other.start()
        self.assertIsNotNone(other._java)

    def test_none_waits_where_it_would_not_help(self):
        (self.conf / "spark-env.sh").touch()
        self.ahead.start()
        self.assertIsNone(self.ahead._java)
        (self.conf / "spark-env.sh").unlink()
        with mock.patch.dict(os.environ, {"PYSPARK_SUBMIT_ARGS": "--packages a:b:1 pyspark-shell"}):
            self.ahead.start()
        self.assertIsNone(self.ahead._java)

    def test_it_ends_with_the_kernel_and_no_process_that_the_kernel_has_forked_keeps_it(self):
        environment = {**os.environ, "SPARK_CONF_DIR": str(self.conf)}
        command = [sys.executable, "-c", KERNEL, self.lock]
        kernel = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True, env=environment)
        self.addCleanup(lambda: [os.killpg(kernel.pid, signal.SIGKILL), kernel.communicate()])
        process = int(kernel.stdout.readline())
        self.ahead.start()
        self.assertIsNone(self.ahead._java)  # the kernel's waits
        kernel.kill()
        kernel.wait()
        latest = time.monotonic() + 10
        while runs(process) and time.monotonic() < latest:
            time.sleep(0.05)
        self.assertFalse(runs(process))
        self.start()
