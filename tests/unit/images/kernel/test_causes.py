import json
import pathlib
import types
import unittest

from cluster_kernel import explain, failure, sessions
from cluster_kernel.causes import Facts, doubled, explanation

SETTINGS = {"spark.driver.memory": "1g", "spark.executor.memory": "512m", "spark.executor.pyspark.memory": "600m"}
FAILURES = pathlib.Path(__file__).parent / "failures"

# Phrases that the words have to contain.
PYTHON_MEMORY = "pulumi config set pythonMemory 1200m"
PYTHON_ENDED = "native code crashed, the function ended its process, or the system killed it"
PYTHON_ENDED_ITSELF = "of its own: the function ended its process, or the system killed it"
PYTHON_CRASHED = "Native code crashed in an executor's Python"
EXECUTOR_HEAP = "pulumi config set executorMemory 1g"
EXECUTOR_LOST = "make status shows the workers"
DRIVER_HEAP = "pulumi config set driverMemory 2g"
DRIVER_KILLED = "The driver's Java process is gone: it was killed"
SHUFFLE_DISK = "The disk that shuffles and spills go to is full"
RESULTS = "spark.driver.maxResultSize"
STOPPED = "belongs to a session that has ended"
OWN_DISK = "is on each container's own disk"
THIS_CONTAINER = "is the container in which this runs"

# What failures/record.py has produced on a cluster, and what the cell says of it.
EXPECTED = {
    "udf-no-file-in-tmp": f"/tmp/model.bin {OWN_DISK}",
    # The ends of an executor's Python
    "udf-native-crash": PYTHON_CRASHED,
    "udf-abort": PYTHON_CRASHED,
    "rdd-native-crash": PYTHON_CRASHED,
    "udf-os-exit": PYTHON_ENDED_ITSELF,
    "udf-killed": PYTHON_ENDED_ITSELF,
    "udf-ends-without-faulthandler": PYTHON_ENDED,
    "udf-numpy-giant": PYTHON_MEMORY,
    "udf-memory-error": PYTHON_MEMORY,
    "udf-arrow-giant": PYTHON_MEMORY,
    "udf-python-memory": PYTHON_MEMORY,
    "udf-python-memory-kill": PYTHON_MEMORY,
    # Executors
    "executor-heap": EXECUTOR_HEAP,
    "executor-heap-rows": "nearly full and it is collecting garbage",
    "executor-killed": "The system killed an executor (exit code 137)",
    "executor-terminated": EXECUTOR_LOST,
    "executor-native-crash": "Native code crashed in an executor (exit code 134, SIGABRT)",
    "executor-aborts": "Native code crashed in an executor (exit code 134, SIGABRT)",
    "executor-exits": "An executor ended with exit code 1",
    "executor-hangs": "An executor stopped responding",
    # Disks
    "shuffle-disk-full": SHUFFLE_DISK,
    "persist-disk-full": SHUFFLE_DISK,
    "udf-tmp-full-named": "tmpMemory",
    "udf-workspace-full": "The shared volume, /opt/workspace, is full",
    "write-workspace-full": "The shared volume, /opt/workspace, is full",
    # Files and addresses of queries
    "file-of-own-disk": f"/tmp/lines.txt {OWN_DISK}",
    "file-of-own-disk-rdd": f"/tmp/lines.txt {OWN_DISK}",
    "jdbc-refused": THIS_CONTAINER,
    "jdbc-write-refused": THIS_CONTAINER,
    "connect-jdbc-refused": THIS_CONTAINER,
    "hdfs-refused": THIS_CONTAINER,
    # What the images do not have yet
    "package-not-installed": "%pip install opencv-python-headless in a cell",
    "udf-package-not-installed": "%pip install scikit-learn in a cell",
    "excel-package-not-installed": "%pip install openpyxl in a cell",
    "plot-package-not-installed": "%pip install plotly in a cell",
    "source-delta": "pulumi config set tables delta",
    "table-using-iceberg": "pulumi config set tables iceberg",
    "source-avro": "'extraJars[0]' org.apache.spark:spark-avro_2.13:4.1.4",
    "stream-from-kafka": "'extraJars[0]' org.apache.spark:spark-sql-kafka-0-10_2.13:4.1.4",
    "s3-no-filesystem": "pulumi config set objectStore true",
    "s3-other-scheme": "pulumi config set objectStore true",
    "jdbc-no-driver": "No database driver here takes this URL",
    "jdbc-named-driver": "'extraJars[0]' com.mysql:mysql-connector-j:version",
    "socket-refused": THIS_CONTAINER,
    # Functions of columns where Python's were meant
    "replaced-sum": "sum is PySpark's function of columns in this notebook",
    "replaced-max": "max is PySpark's function of columns in this notebook",
    "udf-replaced-round": "round is PySpark's function of columns in this notebook",
    "rdd-replaced-max": "max is PySpark's function of columns in this notebook",
    "udf-of-columns": "called PySpark's upper, which describes a column",
    # Queries that are wrong
    "table-of-before": "another notebook is writing it",
    "deep-condition": "Write many conditions as isin() or a join",
    # Results and the driver's memory
    "results-too-large": RESULTS,
    "results-too-large-pandas": RESULTS,
    "results-too-large-rdd": RESULTS,
    "results-too-large-broadcast": RESULTS,
    "driver-heap": DRIVER_HEAP,
    "driver-heap-broadcast": DRIVER_HEAP,
    "driver-heap-direct": DRIVER_HEAP,
    # The driver's Java
    "driver-killed": DRIVER_KILLED,
    "driver-killed-in-job": DRIVER_KILLED,
    "driver-container-memory": DRIVER_KILLED,
    "driver-gone-builder": DRIVER_KILLED,
    "driver-ended": "The driver's Java process has ended (exit code 3)",
    "malformed-driver-memory": "lots is not a size",
    "repository-unreached": "was not found, and repo1.maven.org and repos.spark-packages.org could not be reached",
    "no-such-package": "no repository has the package org.example:surely-not-there:1.0",
    # The application and its session
    "stopped-here": STOPPED,
    "stopped-here-context": STOPPED,
    "stopped-before-another": STOPPED,
    "application-removed-at-once": "not by this notebook",
    # Spark Connect
    "connect-udf-numpy-giant": PYTHON_MEMORY,
    "connect-udf-native-crash": PYTHON_ENDED,
    "connect-executor-heap": EXECUTOR_HEAP,
}

# Failures of a person's own code, queries and settings, whose words say enough: the cell adds none.
SILENT = """
    udf-value-error udf-says-what-others-say udf-module-not-found udf-database-refused udf-url-refused udf-timeout udf-permission
    udf-sys-exit udf-recursion udf-no-file-in-workspace udf-no-file-relative rdd-zero-division apply-in-pandas-schema
    foreach-partition-refused streaming-udf streaming-foreach-batch udf-tmp-full driver-local-disk file-of-workspace-gone
    path-not-found path-exists not-parquet json-failfast schema-mismatch jdbc-unknown-host
    source-misspelt column-of-a-list unresolved-column no-table parse-error table-exists overflow overflow-in-task
    cast-error deep-plan create-dataframe-type pickle-lock pickle-session py4j-java-error py4j-no-method second-context
    driver-array-too-large driver-direct-memory driver-memory-too-small driver-memory-too-large wrong-java-option
    malformed-package malformed-master interrupted job-cancelled stopped-during-job notebook-refused notebook-url-refused
    notebook-numpy-giant notebook-refused-while-spark-failed connect-unresolved-column connect-udf-value-error
""".split()


def explained(links, master_answers=True, java_exit=None, heard="", file=None, has_file=True, settings=SETTINGS, own=(), is_local=False, spark="4.1.4", replaced=True):
    facts = Facts(
        settings, own, is_local, lambda: master_answers, spark, lambda: java_exit, heard, lambda name: file, lambda name: replaced, lambda path: has_file
    )
    return explanation(failure.chain(links), facts)


def recorded(name):
    """A failure's links and what else is known, as the kernel has them."""
    seen = json.loads((FAILURES / f"{name}.json").read_text())
    links = [{**link, "text": "\n".join(link["text"]), "java": "\n".join(link["java"])} for link in seen["links"]]
    return links, {"java_exit": seen["javaEnded"], "heard": "\n".join(seen["heard"])}


def by_hand(text, java=""):
    """An error that no recording has: Spark takes a minute for it, or its code alone tells of it."""
    return [{"type": "builtins.RuntimeError", "text": text, "modules": ["cluster_kernel.sessions"], "java": java}]


class Failures(unittest.TestCase):
    def test_a_function_of_spark_3_5_whose_error_has_no_java(self):
        text = """
  An exception was thrown from the Python worker. Please see the stack trace below.
Traceback (most recent call last):
  File "/home/spark/cell.py", line 3, in large
  File "/opt/python/lib/python3.11/site-packages/spark_cluster/memory.py", line 25, in refuse
    raise MemoryError(refusal(taken_by(os.getpid()), share))
MemoryError: pythonMemory: Python on this executor took 668m, more than its share of 512m.
"""
        link = {"type": "pyspark.errors.exceptions.captured.PythonException", "text": text, "modules": [], "java": ""}
        self.assertIn(PYTHON_MEMORY, explained([link]))
        self.assertIsNone(explained([{**link, "text": text.replace("MemoryError", "ValueError")}]))

    def test_what_other_platforms_bring(self):
        def words(kind, text, java="", **facts):
            return explained([{**by_hand(text, java)[0], "type": f"builtins.{kind}"}], **facts)

        self.assertIn("The notebook has no spark yet", words("NameError", "name 'spark' is not defined"))
        self.assertIn("The notebook has no sc yet", words("NameError", "name 'sc' is not defined. Did you mean: 'sum'?"))
        self.assertIn("dbutils belongs to Databricks", words("NameError", "name 'dbutils' is not defined"))
        self.assertIsNone(words("NameError", "name 'sparks' is not defined"))
        missing = "libGL.so.1: cannot open shared object file: No such file or directory"
        self.assertIn("'extraDebianPackages[0]' libgl1", words("ImportError", missing))
        self.assertIsNone(words("ImportError", missing.replace("libGL", "libours")))
        self.assertIsNone(words("RuntimeError", missing))
        refused = "HTTPConnectionPool(host='localhost', port=5000): Max retries exceeded (Caused by: [Errno 111] Connection refused)"
        self.assertIn(f"localhost {THIS_CONTAINER}", words("OSError", refused))
        for other in ("localhost.example", "db.example"):
            self.assertIsNone(words("OSError", "localhost\n" + refused.replace("localhost", other)))
        self.assertIsNone(words("OSError", "Call From localhost/127.0.0.1 to namenode:9000 failed: Connection refused"))
        java = (
            "org.apache.spark.sql.AnalysisException: [PATH_NOT_FOUND] Path does not exist: "
            "file:/opt/workspace/a/data/mllib/sample_libsvm_data.txt. SQLSTATE: 42K03\n\tat org.apache.spark.sql.A.b(A.scala:1)"
        )
        self.assertIn("Read /opt/spark/data/mllib/sample_libsvm_data.txt", words("Exception", "", java))
        self.assertIsNone(words("Exception", "", java, has_file=False))

    def test_a_path_of_the_image_or_of_another_image(self):
        def words(kind, text):
            return explained([{**by_hand(text)[0], "type": f"builtins.{kind}"}])

        for place in ("'/srv/a'", "'/opt/workspace/a' -> '/srv/a'"):
            self.assertIn("/srv/a cannot be written", words("OSError", f"[Errno 30] Read-only file system: {place}"))
        for place in ("'/opt/workspace/measured/a.csv'", "'/proc/sys/vm/swappiness'"):
            self.assertIsNone(words("OSError", f"[Errno 30] Read-only file system: {place}"))
        for kind, text in (
            ("OSError", "[Errno 30] Read-only file system: '/home/jovyan'"),
            ("OSError", "Cannot save file into a non-existent directory: '/home/jovyan/work'"),
            ("FileNotFoundError", "[Errno 2] No such file or directory: '/home/jovyan/work/birds.csv'"),
            ("FileNotFoundError", "/home/jovyan/work"),
        ):
            self.assertIn("/home/jovyan is a folder of other images", words(kind, text))
        links, _ = recorded("path-not-found")
        for path in ("file:/home/jovyan.", "file:/home/jovyan/work."):
            links[-1]["java"] = f"org.apache.spark.sql.AnalysisException: [PATH_NOT_FOUND] Path does not exist: {path} SQLSTATE: 42K03"
            self.assertIn("/home/jovyan is a folder of other images", explained(links))
        self.assertIsNone(words("FileNotFoundError", "[Errno 2] No such file or directory: '/srv/a'"))
        self.assertIsNone(words("ValueError", "no '/home/jovyan' in it"))

    def test_a_stack_that_overflows_for_another_reason_than_a_plan(self):
        links, _ = recorded("deep-condition")
        links[0]["java"] = "java.lang.StackOverflowError\n" + "\tat java.base/java.util.regex.Pattern$Loop.match(Pattern.java:4925)\n" * 20
        self.assertIsNone(explained(links))

    def test_each_gets_the_right_words_or_none(self):
        for name in (*EXPECTED, *SILENT):
            with self.subTest(name):
                links, known = recorded(name)
                words = explained(links, **known)
                if name in SILENT:
                    self.assertIsNone(words)
                else:
                    self.assertIn(EXPECTED[name], words or "silence")

    def test_all_that_are_recorded_are_in_the_tables(self):
        self.assertEqual(sorted([*EXPECTED, *SILENT]), sorted(file.stem for file in FAILURES.glob("*.json")))

    def test_ends_of_an_executor_that_have_no_recording(self):
        for case, end, words in (
            ("any end for want of Java's memory", "Command exited with code 52", "(exit code 52), most often of its heap: it has executorMemory"),
            ("an executor that Spark ended", "Command exited with code 57", "a cancelled task did not end within 10 seconds"),
            ("a worker that is lost", "worker lost: Not receiving heartbeat for 60 seconds", EXECUTOR_LOST),
            ("a machine that slept", "Executor heartbeat timed out after 28800123 ms", "did not respond for 480 minutes: most often the machine slept"),
            ("a full heap", "Executor heartbeat timed out after 173000 ms", "nearly full and it is collecting garbage"),
        ):
            with self.subTest(case):
                links, _ = recorded("executor-killed")
                links[0]["java"] = links[0]["java"].replace("Command exited with code 137", end)
                self.assertIn(words, explained(links))

    def test_comet_that_has_too_little_memory(self):
        full = "org.apache.comet.CometNativeException: Resources exhausted: Additional allocation failed for HashJoinInput[0] with top memory"
        lost = "Task 1 in stage 298.0 failed 4 times, most recent failure: Lost task 1.3 in stage 298.0 (TID 237) (spark-worker-1 executor 1)"
        java = f"org.apache.spark.SparkException: Job aborted due to stage failure: {lost}: {full}\n\tat org.apache.comet.Native.executePlan\nCaused by: {full}"
        words = explained(by_hand("", java), settings={**SETTINGS, "spark.memory.offHeap.size": "1g"})
        self.assertIn("it has offHeapMemory, 1g", words)
        self.assertIn("pulumi config set offHeapMemory 2g", words)

    def test_a_session_that_has_ended_in_spark_4_2(self):
        cause = 'because the return value of "org.apache.spark.SparkContext.dagScheduler()" is null'
        java = f'java.lang.NullPointerException: Cannot invoke "org.apache.spark.scheduler.DAGScheduler.cleanupQueryJobs(long)" {cause}'
        self.assertIn(STOPPED, explained(by_hand("", java)))

    def test_a_master_that_refuses_one_that_is_late_and_one_that_is_gone(self):
        aborted = "org.apache.spark.SparkException: Job aborted due to stage failure: All masters are unresponsive! Giving up."
        late = "WARN StandaloneAppClient$ClientEndpoint: Failed to connect to master spark-master:7077"
        refused = f"{late}\njava.lang.RuntimeException: java.lang.IllegalArgumentException: Authentication failed."
        for links in (by_hand(sessions.GAVE_UP), by_hand("", aborted)):
            self.assertIn("secret is missing or wrong", explained(links, heard=refused))
            self.assertIn("Restart this kernel and run the cell again", explained(links, heard=late))
            self.assertIn("does not answer", explained(links, heard=late, master_answers=False))

    def test_a_table_that_nobody_is_writing(self):
        links, _ = recorded("table-of-before")
        words = explained(links, has_file=False)
        self.assertIn('shutil.rmtree("/opt/workspace/spark-warehouse/old")', words)
        self.assertIn("To keep the rows", words)

    def test_a_shared_catalog_that_does_not_answer(self):
        java = (
            "org.apache.spark.sql.AnalysisException: org.apache.hadoop.hive.ql.metadata.HiveException: Unable to instantiate it\n"
            "\tat org.apache.spark.sql.hive.HiveExternalCatalog.withClient(HiveExternalCatalog.scala:116)\n"
            "Caused by: javax.jdo.JDOFatalDataStoreException: {0}\nNestedThrowables:\norg.postgresql.util.PSQLException: {0}\n"
            "\tat org.datanucleus.api.jdo.NucleusJDOHelper.getJDOException(NucleusJDOHelper.java:529)\n"
            "Caused by: org.postgresql.util.PSQLException: {0}\n\tat org.postgresql.Driver.connect(Driver.java:1)"
        )
        for text, words in (
            ("Connection to catalog:5432 refused. Check that the hostname and port are correct.", "does not respond"),
            ("The connection attempt failed.", "does not respond"),
            ("FATAL: the database system is starting up", "is starting up.\nRun the cell again in a few seconds"),
            ("FATAL: the database system is in recovery mode", "is in recovery mode"),
            ("FATAL: sorry, too many clients already", "too many sessions use it at once"),
        ):
            self.assertIn(words, explained(by_hand("", java.format(text))))
            own = f"java.lang.RuntimeException: failed\n\tat a.B.c(D.java:1)\nCaused by: org.postgresql.util.PSQLException: {text}"
            self.assertIsNone(explained(by_hand("", own)))
        for text in ('FATAL: password authentication failed for user "hive"', "ERROR: canceling statement due to user request"):
            self.assertIsNone(explained(by_hand("", java.format(text))))

    def test_an_application_that_the_master_removed(self):
        aborted = "org.apache.spark.SparkException: Job aborted due to stage failure: Master removed our application:"
        self.assertIn("because its executors failed again and again", explained(by_hand("", f"{aborted} FAILED")))
        self.assertIn("not by this notebook", explained(by_hand("", f"{aborted} KILLED")))

    def test_a_module_that_workers_do_not_see(self):
        links, _ = recorded("udf-module-not-found")
        self.assertIn("has module surely_not_there from /tmp/x.py", explained(links, file="/tmp/x.py"))
        self.assertIsNone(explained(links, file="/opt/workspace/x.py"))

    def test_functions_of_columns_that_are_meant(self):
        for name in ("replaced-sum", "replaced-max"):
            links, _ = recorded(name)
            self.assertIsNone(explained(links, replaced=False))
        links, _ = recorded("udf-replaced-round")
        self.assertIn("called PySpark's round", explained(links, replaced=False))
        # pandas on Spark has called PySpark's sum, not the person.
        links, _ = recorded("replaced-sum")
        links[0]["modules"].insert(5, "pyspark.pandas.series in sum")
        self.assertIsNone(explained(links))

    def test_a_package_that_is_not_installed(self):
        def words(text, kind="ModuleNotFoundError"):
            return explained([{**by_hand(f"No module named '{text}'")[0], "type": f"builtins.{kind}"}])

        self.assertIn("%pip install seaborn in a cell", words("seaborn"))
        self.assertIn("leave findspark out", words("findspark"))
        self.assertIn("pulumi config set tables delta", words("delta"))
        self.assertIsNone(words("surely_not_there"))
        self.assertIsNone(words("seaborns"))
        self.assertIsNone(words("seaborn", kind="ImportError"))
        # A part that another version of an installed package has.
        self.assertIsNone(words("sklearn.ensemble.forest"))

    def test_a_data_source_over_spark_connect_and_in_spark_3_5(self):
        links, _ = recorded("source-delta")
        text = links[0]["java"].partition(": ")[2].partition("\n")[0]
        kind = "pyspark.errors.exceptions.connect.AnalysisException"
        self.assertIn("pulumi config set tables delta", explained([{"type": kind, "text": text, "modules": [], "java": ""}]))
        links, _ = recorded("source-avro")
        self.assertIn("org.apache.spark:spark-avro_2.12:3.5.9", explained(links, spark="3.5.9"))

    def test_a_file_that_the_notebook_has_not_either_is_not_explained(self):
        links, _ = recorded("udf-no-file-in-tmp")
        self.assertIsNone(explained(links, has_file=False))

    def test_a_connection_of_py4j_while_java_runs_is_not_explained(self):
        links, _ = recorded("driver-killed")
        self.assertIsNone(explained(links, java_exit=None))

    def test_results_that_java_no_longer_hands_over(self):
        text = "[CANNOT_OPEN_SOCKET] Can not open socket: [\"tried to connect to ('127.0.0.1', 40123), but an error occurred: [Errno 111] Connection refused\"]."
        links = [{"type": "pyspark.errors.exceptions.base.PySparkRuntimeException", "text": text, "modules": ["pyspark.util"], "java": ""}]
        self.assertIsNone(explained(links))
        self.assertIn(DRIVER_KILLED, explained(links, java_exit=-9))
        self.assertIn(f"(exit code 52), most often of its heap: it has driverMemory, 1g.", explained(links, java_exit=52))

    def test_tasks_of_a_local_session_use_the_drivers_heap(self):
        links, _ = recorded("executor-heap")
        self.assertIn(DRIVER_HEAP, explained(links, is_local=True))

    def test_a_path_with_a_space(self):
        links, _ = recorded("file-of-own-disk")
        links[0]["java"] = links[0]["java"].replace("/tmp/lines.txt", "/tmp/my lines.txt")
        self.assertIn(f"/tmp/my lines.txt {OWN_DISK}", explained(links))

    def test_memory_that_the_session_sets_itself(self):
        settings = {**SETTINGS, "spark.driver.memory": "500m"}
        links, known = recorded("driver-heap")
        words = explained(links, settings=settings, own={"spark.driver.memory"}, **known)
        self.assertIn("driverMemory, 500m in this session", words)
        self.assertIn("raise spark.driver.memory, which this session sets itself", words)
        self.assertNotIn("pulumi", words)
        links, known = recorded("executor-heap")
        self.assertIn(EXECUTOR_HEAP, explained(links, settings=settings, own={"spark.driver.memory"}, **known))

    def test_a_refused_write_is_repeated_where_it_is_far_down(self):
        refusal = "java.lang.IllegalArgumentException: /tmp/x is on the own disk of each container. Write below /opt/workspace instead"
        frame = "\tat org.apache.spark.sharedwrites.WritePlaces.check(WritePlaces.scala:1)"
        alone = {"type": "pyspark.errors.IllegalArgumentException", "text": "", "modules": [], "java": f"{refusal}\n{frame}"}
        self.assertIsNone(explained([alone]))
        buried = {**alone, "java": f"org.apache.spark.SparkException: Task failed\n\tat a.B.c(D.scala:1)\nCaused by: {refusal}\n{frame}"}
        self.assertIn("Write below /opt/workspace instead", explained([buried]))

    def test_without_settings_there_is_still_a_command(self):
        links, known = recorded("udf-memory-error")
        self.assertIn("pulumi config set pythonMemory 2g", explained(links, settings={}, **known))


class Links(unittest.TestCase):
    def test_an_error_is_read_with_all_that_its_traceback_shows(self):
        try:
            try:
                raise ValueError("the cause")
            except ValueError as cause:
                raise RuntimeError("the end") from cause
        except RuntimeError as error:
            read = failure.links(error)
        self.assertEqual(["builtins.RuntimeError", "builtins.ValueError"], [link["type"] for link in read])
        self.assertEqual(["the end", "the cause"], [link["text"] for link in read])
        here = f"{__name__} in test_an_error_is_read_with_all_that_its_traceback_shows"
        self.assertEqual([[here], [here]], [link["modules"] for link in read])

    def test_what_an_error_hides_is_not_read(self):
        try:
            try:
                raise ValueError
            except ValueError:
                raise RuntimeError("the end") from None
        except RuntimeError as error:
            self.assertEqual(1, len(failure.links(error)))


class Texts(unittest.TestCase):
    def test_sizes_are_doubled(self):
        self.assertEqual(["1g", "1200m", "4g", "2g", "2g"], [doubled(size) for size in ("512m", "600m", "2g", "", "lots")])

    def test_no_secret_is_among_the_settings(self):
        text = "spark.driver.memory = 1g\nspark.authenticate.secret = hunter2\n"
        self.assertEqual({"spark.driver.memory": "1g"}, explain.sizes(text))

    def test_a_sessions_settings_are_kept_after_its_end(self):
        conf = {"spark.driver.memory": "500m", "spark.authenticate.secret": "hunter2"}
        java_context = types.SimpleNamespace(getConf=lambda: conf, master=lambda: "local[2]")
        session = explain.Session()
        session.begins(java_context)
        self.assertEqual(({"spark.driver.memory": "500m"}, True), (session.settings, session.is_local))
