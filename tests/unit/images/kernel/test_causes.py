import unittest

from cluster_kernel import explain
from cluster_kernel.causes import chain, doubled, explanation

SETTINGS = {"spark.driver.memory": "1g", "spark.executor.memory": "512m", "spark.executor.pyspark.memory": "600m"}


def explained(text, master_answers=True):
    return explanation(text, SETTINGS, lambda: master_answers)


class Explanations(unittest.TestCase):
    """Each error, as Spark words it, and what its explanation has to name."""

    def test_python_over_its_memory(self):
        for text in (
            "PythonException: numpy._core._exceptions._ArrayMemoryError: Unable to allocate 600. MiB for an array",
            "PythonException: ... line 5, in big\nMemoryError\n",
        ):
            self.assertIn("pulumi config set pythonMemory 1200m", explained(text))

    def test_heap_of_an_executor(self):
        for text in (
            "Job aborted due to stage failure: Task 0 in stage 3.0 failed 4 times ... (spark-worker-1 executor 1): "
            "ExecutorLostFailure (executor 1 exited caused by one of the running tasks) Reason: Command exited with code 52",
            "Job aborted due to stage failure: Task 0 in stage 3.0 failed ...:\njava.lang.OutOfMemoryError: Java heap space",
        ):
            self.assertIn("pulumi config set executorMemory 1g", explained(text))

    def test_heap_of_the_driver(self):
        for text in (
            "Py4JJavaError: An error occurred while calling o1.collectToPython.\n: java.lang.OutOfMemoryError: Java heap space",
            "Not enough memory to build and broadcast the table to all worker nodes.",
        ):
            words = explained(text)
            self.assertIn("pulumi config set driverMemory 2g", words)
            self.assertNotIn("pythonMemory", words)

    def test_results_that_are_too_large(self):
        words = explained("Total size of serialized results of 8 tasks (1031.4 MiB) is bigger than spark.driver.maxResultSize (1024.0 MiB)")
        self.assertIn("spark.driver.maxResultSize", words)
        self.assertIn("driverMemory 2g", words)

    def test_an_executor_that_the_system_ended(self):
        words = explained("ExecutorLostFailure (executor 0 exited caused by ...) Reason: Command exited with code 137")
        self.assertIn("pythonMemory", words)
        self.assertIn("container was out of memory", words)

    def test_a_full_disk(self):
        text = "Job aborted due to stage failure: ... java.io.IOException: No space left on device\n ExecutorLostFailure"
        self.assertIn("disk that shuffles and spills go to is full", explained(text))

    def test_a_lost_executor(self):
        self.assertIn("make status", explained("ExecutorLostFailure (executor 0 exited) Reason: worker lost"))

    def test_a_master_that_refuses_and_one_that_is_gone(self):
        text = "RuntimeError: All masters are unresponsive: Spark has given up after a minute."
        self.assertIn("secret is missing or wrong", explained(text, master_answers=True))
        self.assertIn("does not answer", explained(text, master_answers=False))

    def test_a_java_process_that_is_gone(self):
        self.assertIn("Restart this kernel", explained("Py4JNetworkError: Answer from Java side is empty"))
        self.assertIn("Restart this kernel", explained("ConnectionRefusedError: [Errno 111] Connection refused"))

    def test_an_application_that_ended(self):
        self.assertIn("Restart this kernel", explained("Job 3 cancelled because SparkContext was shut down"))

    def test_what_needs_no_words(self):
        for text in ("AnalysisException: [TABLE_OR_VIEW_NOT_FOUND]", "KeyError: 'x'", ""):
            self.assertIsNone(explained(text))

    def test_without_settings_there_is_still_a_command(self):
        words = explanation("MemoryError", {}, lambda: True)
        self.assertIn("pulumi config set pythonMemory 2g", words)


class Texts(unittest.TestCase):
    def test_sizes_are_doubled(self):
        self.assertEqual(["1g", "1200m", "4g", "2g", "2g"], [doubled(size) for size in ("512m", "600m", "2g", "", "lots")])

    def test_an_error_is_read_with_all_that_it_came_from(self):
        try:
            try:
                raise ValueError("the cause")
            except ValueError as cause:
                raise RuntimeError("the end") from cause
        except RuntimeError as error:
            self.assertEqual("RuntimeError: the end\nValueError: the cause", chain(error))

    def test_no_secret_is_among_the_settings(self):
        text = "spark.driver.memory = 1g\nspark.authenticate.secret = hunter2\n"
        self.assertEqual({"spark.driver.memory": "1g"}, explain.sizes(text))

    def test_an_error_of_the_notebook_itself_is_not_sparks(self):
        try:
            raise MemoryError
        except MemoryError as error:
            self.assertFalse(explain.concerns_spark(error))
        spark = type("PythonException", (Exception,), {"__module__": "pyspark.errors"})()
        self.assertTrue(explain.concerns_spark(spark))
