import types
import unittest

from cluster_kernel import sessions


def starting(error):
    """What comes of a start of Spark's that ends with an error."""

    class SparkContext:
        uiWebUrl = property(lambda this: "")

        def _initialize_context(this, conf):
            raise error

    applications = sessions.Applications()
    applications.patch(types.SimpleNamespace(SparkContext=SparkContext))
    try:
        SparkContext()._initialize_context(None)
    except Exception as raised:
        return raised, applications.asking_since


class Start(unittest.TestCase):
    def test_that_spark_gave_up_is_said_wherever_its_start_was(self):
        for words in (
            "java.lang.IllegalStateException: Cannot call methods on a stopped SparkContext.",
            "requirement failed: Can only call getServletHandlers on a running MetricsSystem",
        ):
            error = ValueError(words)
            raised, asking = starting(error)
            self.assertIn("All masters are unresponsive", str(raised))
            self.assertIs(error, raised.__cause__)
            self.assertIsNone(asking)

    def test_another_error_stays_what_it_is(self):
        error = ValueError("spark.executor.cores is no number")
        self.assertEqual((error, None), starting(error))
