import types
import unittest
from unittest import mock

from cluster_kernel import sessions


def starting(error, master="spark://spark-master:7077", seconds=0):
    """What comes of a start of Spark's that ends with an error after seconds."""

    class SparkContext:
        @classmethod
        def _ensure_initialized(cls):
            pass

        def _initialize_context(this, conf):
            raise error

    applications = sessions.Applications()
    applications.patch(types.SimpleNamespace(SparkContext=SparkContext))
    try:
        with mock.patch.object(sessions.time, "time", side_effect=[1000, 1000 + seconds]):
            SparkContext()._initialize_context({"spark.master": master})
    except Exception as raised:
        return raised, applications.asking_since


class Start(unittest.TestCase):
    def test_that_spark_gave_up_is_said_whatever_its_start_found_stopped(self):
        error = ValueError("java.lang.IllegalStateException: Cannot call methods on a stopped SparkContext.")
        raised, asking = starting(error, seconds=60)
        self.assertIn("All masters are unresponsive", str(raised))
        self.assertIs(error, raised.__cause__)
        self.assertIsNone(asking)

    def test_another_error_stays_what_it_is(self):
        error = ValueError("spark.executor.cores is no number")
        self.assertEqual((error, None), starting(error, seconds=5))
        self.assertEqual((error, None), starting(error, master="local[2]", seconds=60))
