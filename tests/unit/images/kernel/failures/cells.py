"""The cells that fail: groups of cells that one driver runs, in their order. A name with _ only prepares the next.

A cell is that of its recording, NAME.json, unless it is given here: a new failure begins with a cell of its own.
"""

import json
import pathlib

FOLDER = pathlib.Path(__file__).parent


def recorded(*names):
    return {name: "\n".join(json.loads((FOLDER / f"{name}.json").read_text())["cell"]) for name in names}


A_SESSION = {"_session": "spark = session()"}

END = """
import subprocess
def executor():
    "The Java process above this Python."
    import os
    pid = os.getpid()
    while True:
        with open(f"/proc/{pid}/stat") as file:
            pid = int(file.read().rpartition(")")[2].split()[1])
        with open(f"/proc/{pid}/cmdline") as file:
            if "CoarseGrainedExecutorBackend" in file.read():
                return pid
def end(number):
    def task(_):
        import os, time
        os.kill(executor(), number)
        time.sleep(60)
    spark.sparkContext.parallelize([1], 1).map(task).collect()
"""

CONNECT_SERVER = """
import subprocess
from pyspark.sql import SparkSession
log = open("/tmp/connect.log", "w")
server = subprocess.Popen(
    "spark-submit --master spark://127.0.0.1:7077 --driver-memory 512m --conf spark.driver.host=127.0.0.1 --conf spark.executor.memory=512m "
    "--conf spark.task.maxFailures=1 --conf spark.cores.max=1 --class org.apache.spark.sql.connect.service.SparkConnectServer spark-internal".split(),
    stdout=log, stderr=log)
while True:
    try:
        socket.create_connection(("127.0.0.1", 15002)).close()
        break
    except OSError:
        time.sleep(0.5)
spark = SparkSession.builder.remote("sc://127.0.0.1:15002").getOrCreate()
"""

GROUPS = {
    "functions": {
        **A_SESSION,
        # A person's own code
        **recorded("udf-value-error", "udf-says-what-others-say", "udf-module-not-found", "udf-database-refused", "udf-url-refused"),
        **recorded("udf-timeout", "udf-permission", "udf-no-file-in-tmp", "udf-no-file-in-workspace", "udf-no-file-relative"),
        **recorded("udf-sys-exit", "udf-recursion", "rdd-zero-division", "apply-in-pandas-schema", "udf-ends-without-faulthandler"),
        # Memory of Python
        **recorded("udf-numpy-giant", "udf-memory-error", "udf-arrow-giant"),
        # Disks
        **recorded("udf-tmp-full-named", "udf-tmp-full", "udf-workspace-full", "shuffle-disk-full"),
        "persist-disk-full": """
from pyspark import StorageLevel
import gc
gc.collect(); spark._jvm.System.gc(); time.sleep(2)
spark.range(0, 1500000, numPartitions=1).selectExpr("id", f"{text} AS text").persist(StorageLevel.DISK_ONLY).count()
""",
    },
    # As the cluster sets it; without it, Spark does not say how Python ended.
    "python_ends": {
        "_session": "spark = session(**{'spark.python.worker.faulthandler.enabled': 'true'})",
        **recorded("udf-native-crash", "udf-abort", "udf-os-exit", "udf-killed", "udf-python-memory-kill", "udf-python-memory"),
        **recorded("rdd-native-crash", "write-workspace-full"),
        "_clean": "import shutil; shutil.rmtree('/opt/workspace/big', ignore_errors=True)",
    },
    "queries": {
        **A_SESSION,
        **recorded("unresolved-column", "no-table", "parse-error", "table-exists"),
        "table-of-before": """
import os
os.makedirs("/opt/workspace/spark-warehouse/old")
open("/opt/workspace/spark-warehouse/old/rows", "w").write("x")
spark.range(1).write.saveAsTable("old")
""",
        **recorded("path-exists", "path-not-found", "overflow", "overflow-in-task", "cast-error", "schema-mismatch", "not-parquet"),
        **recorded("json-failfast", "jdbc-refused", "jdbc-unknown-host", "jdbc-no-driver", "jdbc-write-refused", "s3-no-filesystem"),
        **recorded("hdfs-refused", "pickle-lock", "pickle-session", "job-cancelled", "interrupted"),
        "_rest": "spark.sparkContext.cancelAllJobs(); time.sleep(1)",
        **recorded("deep-plan", "deep-condition", "py4j-java-error", "py4j-no-method", "second-context", "streaming-udf", "streaming-foreach-batch"),
        **recorded("notebook-refused", "notebook-url-refused", "notebook-numpy-giant", "notebook-refused-while-spark-failed"),
        **recorded("foreach-partition-refused", "driver-local-disk", "stopped-here", "stopped-here-context"),
    },
    "additions": {
        **A_SESSION,
        **recorded("source-delta", "table-using-iceberg", "source-avro", "stream-from-kafka", "source-misspelt", "s3-other-scheme"),
        **recorded("jdbc-named-driver", "udf-package-not-installed", "package-not-installed", "excel-package-not-installed"),
        **recorded("plot-package-not-installed"),
    },
    "columns": {
        "_session": "spark = session(); from pyspark.sql.functions import *; import pyspark.sql.functions as F",
        **recorded("replaced-sum", "replaced-max", "udf-replaced-round", "rdd-replaced-max", "udf-of-columns", "column-of-a-list"),
        **recorded("socket-refused"),
    },
    "no-repository": {**recorded("repository-unreached")},
    "files": {
        **A_SESSION,
        **recorded("file-of-own-disk", "file-of-own-disk-rdd", "file-of-workspace-gone", "create-dataframe-type"),
    },
    "stopped": {
        **A_SESSION,
        **recorded("stopped-during-job"),
        "_again": "spark = session(); frame = spark.range(1); spark.stop(); spark = session()",
        **recorded("stopped-before-another"),
    },
    "executors": {
        "_session": "spark = session(**{'spark.executor.heartbeatInterval': '2s', 'spark.network.timeout': '12s', 'spark.network.timeoutInterval': '3s', 'spark.cores.max': '1'})" + END,
        **recorded("executor-killed", "executor-terminated", "executor-native-crash", "executor-aborts", "executor-exits"),
        **recorded("executor-heap", "executor-heap-rows", "executor-hangs"),
    },
    "results": {
        "_session": "spark = session(**{'spark.driver.maxResultSize': '1m'})",
        **recorded("results-too-large", "results-too-large-pandas", "results-too-large-rdd", "results-too-large-broadcast"),
    },
    "driver_heap": {
        "_session": "spark = session(**{'spark.driver.memory': '470m', 'spark.driver.maxResultSize': '0', 'spark.driver.defaultJavaOptions': '-XX:+UseSerialGC'})",
        **recorded("driver-heap", "driver-heap-broadcast", "driver-heap-direct", "driver-array-too-large", "driver-direct-memory"),
    },
    "driver_killed": {**A_SESSION, **recorded("driver-killed", "driver-gone-builder")},
    "driver_killed_in_job": {**A_SESSION, **recorded("driver-killed-in-job")},
    "driver_ended": {**A_SESSION, **recorded("driver-ended")},
    "jar": recorded("no-such-package"),
    "jar_malformed": recorded("malformed-package"),
    "memory_malformed": recorded("malformed-driver-memory"),
    "memory_too_large": recorded("driver-memory-too-large"),
    "java_option": recorded("wrong-java-option"),
    "master_malformed": recorded("malformed-master"),
    "small_driver": recorded("driver-memory-too-small"),
    "executors_fail": {"application-removed-at-once": "session(**{'spark.executorEnv.JAVA_HOME': '/nope'})"},
    # The container's memory runs out: the largest process in it is killed.
    "out_of_memory": {
        "_session": "spark = session(**{'spark.cores.max': '1', 'spark.executor.memory': '3g', 'spark.executor.extraJavaOptions': '-Xms3g -XX:+AlwaysPreTouch'})",
        **recorded("driver-container-memory"),
    },
    "connect": {
        "_session": CONNECT_SERVER,
        **recorded("connect-unresolved-column", "connect-udf-value-error", "connect-udf-numpy-giant", "connect-udf-native-crash"),
        **recorded("connect-executor-heap", "connect-jdbc-refused"),
    },
}
