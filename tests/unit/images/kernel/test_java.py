import os
import pathlib
import tempfile
import types
import unittest
from unittest import mock

from cluster_kernel import java

# As PySpark's gateway: writes port and secret, and ends with its standard input.
GATEWAY = r"""#!/bin/sh
printf '\000\000\060\071\000\000\000\004abcd' > "$_PYSPARK_DRIVER_CONN_INFO_PATH.part"
mv "$_PYSPARK_DRIVER_CONN_INFO_PATH.part" "$_PYSPARK_DRIVER_CONN_INFO_PATH"
exec cat
"""


class Conf(dict):
    def getAll(self):
        return self.items()


class WaitingJava(unittest.TestCase):
    def setUp(self):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "bin").mkdir()
        (folder / "bin/spark-submit").write_text(GATEWAY)
        (folder / "bin/spark-submit").chmod(0o755)
        self.conf = folder / "conf"
        self.conf.mkdir()
        (self.conf / "spark-defaults.conf").touch()
        self.enterContext(mock.patch.dict(os.environ, {"SPARK_HOME": str(folder), "SPARK_CONF_DIR": str(self.conf)}))
        self.enterContext(mock.patch.object(java, "LOCK", str(folder / "lock")))
        self.ahead = java.Ahead()
        self.addCleanup(self.ahead.end)

    def session(self, **settings):
        """The ports of the Java of a session, None for one that PySpark starts, and the system properties that are set."""
        properties = {}

        class SparkContext:
            _lock, _gateway = mock.MagicMock(), None
            _jvm = types.SimpleNamespace(
                java=types.SimpleNamespace(lang=types.SimpleNamespace(System=types.SimpleNamespace(setProperty=properties.__setitem__)))
            )

            @classmethod
            def _ensure_initialized(cls, instance=None, gateway=None, conf=None):
                cls.port = os.environ.get("PYSPARK_GATEWAY_PORT"), os.environ.get("PYSPARK_GATEWAY_SECRET")
                cls._gateway = types.SimpleNamespace(proc=None)

        self.ahead.patch(types.SimpleNamespace(SparkContext=SparkContext))
        SparkContext._ensure_initialized(conf=Conf(settings))
        self.assertNotIn("PYSPARK_GATEWAY_PORT", os.environ)
        process = SparkContext._gateway.proc
        if process is not None:
            self.addCleanup(process.communicate)
        return SparkContext.port, properties

    def start(self):
        self.ahead.start()
        return self.ahead._java.process

    def test_a_session_takes_it_with_its_settings(self):
        process = self.start()
        settings = {"spark.app.name": "birds", "spark.sql.shuffle.partitions": "4"}
        self.assertEqual((("12345", "abcd"), settings), self.session(**settings))
        self.assertIsNone(process.poll())

    def test_a_session_with_a_setting_of_java_has_its_own_and_the_waiting_one_ends(self):
        for setting in ("spark.driver.memory", "spark.jars", "spark.hadoop.fs.s3a.access.key", "spark.plugins"):
            process = self.start()
            self.assertEqual(((None, None), {}), self.session(**{setting: "2g"}))
            self.assertIsNotNone(process.poll())

    def test_a_session_has_its_own_after_a_change_of_what_java_starts_with(self):
        def variable():
            os.environ["AWS_PROFILE"] = "birds"

        def folder():
            self.addCleanup(os.chdir, os.getcwd())
            os.chdir("/")

        def file():
            (self.conf / "spark-defaults.conf").unlink()
            (self.conf / "spark-defaults.conf").write_text("spark.executor.memory 2g")

        for change in (variable, folder, file):
            process = self.start()
            change()
            self.assertEqual(((None, None), {}), self.session())
            self.assertIsNotNone(process.poll())

    def test_that_ended_by_itself_is_not_taken(self):
        process = self.start()
        process.kill()
        process.wait()
        self.assertEqual(((None, None), {}), self.session())

    def test_one_waits_at_a_time(self):
        self.start()
        other = java.Ahead()
        other.start()
        self.assertIsNone(other._java)
        self.session()
        other.start()
        self.addCleanup(other.end)
        self.assertIsNotNone(other._java)

    def test_none_waits_where_workers_are_counted_when_java_starts(self):
        (self.conf / "spark-env.sh").touch()
        self.ahead.start()
        self.assertIsNone(self.ahead._java)

    def test_an_end_of_the_kernel_is_its_own(self):
        process = self.start()
        process.stdin.close()
        self.assertEqual(0, process.wait(10))
