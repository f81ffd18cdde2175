"""The cells that fail: groups of cells that one driver runs, with the settings of its session. A name with _ only prepares the next."""

UDF = """
from pyspark.sql.functions import udf
@udf("long")
def f(_):
    {}
    return 1
spark.range(1, numPartitions=1).select(f("id")).collect()
"""


def in_udf(*lines):
    return UDF.format("\n    ".join(lines))


functions = {
    "_session": "spark = session()",
    # A person's own code
    "udf-value-error": in_udf("raise ValueError('negative price')"),
    "udf-says-what-others-say": in_udf(
        "raise RuntimeError('Connection refused; No space left on device; java.lang.OutOfMemoryError; exited with code 137; MemoryError')"
    ),
    "udf-module-not-found": in_udf("import surely_not_there"),
    "udf-database-refused": in_udf("import socket", "socket.create_connection(('127.0.0.1', 5432))"),
    "udf-url-refused": in_udf("import urllib.request", "urllib.request.urlopen('http://127.0.0.1:9')"),
    "udf-timeout": in_udf("import socket", "s = socket.socket(); s.settimeout(0.5); s.bind(('127.0.0.1', 0)); s.listen(); s.accept()"),
    "udf-permission": in_udf("open('/etc/shadow').read()"),
    "udf-no-file-in-tmp": in_udf("open('/tmp/model.bin')"),
    "udf-no-file-in-workspace": in_udf("open('/opt/workspace/model.bin')"),
    "udf-no-file-relative": in_udf("open('model.bin')"),
    "udf-sys-exit": in_udf("import sys", "sys.exit(1)"),
    "udf-recursion": in_udf("def g(n): return g(n + 1)", "g(0)"),
    "rdd-zero-division": "spark.sparkContext.parallelize([1], 1).map(lambda x: 1 / 0).collect()",
    "apply-in-pandas-schema": """
spark.range(3).groupBy("id").applyInPandas(lambda frame: frame.rename(columns={"id": "x"}), "y long").collect()
""",
    "udf-ends-without-faulthandler": in_udf("import os", "os._exit(1)"),
    # Memory of Python
    "udf-numpy-giant": in_udf("import numpy", "numpy.ones(10**14)"),
    "udf-memory-error": in_udf("x = bytearray(10**15)"),
    "udf-arrow-giant": in_udf("import pyarrow", "pyarrow.allocate_buffer(10**15)"),
    # Disks
    "udf-tmp-full-named": in_udf(
        "import shutil",
        "open('/tmp/a', 'wb').truncate(0)",
        "try:",
        "    open('/tmp/a', 'wb').write(bytes(120 * 2**20))",
        "    shutil.copyfile('/tmp/a', '/tmp/b')",
        "finally:",
        "    import os",
        "    for each in 'ab': os.path.exists('/tmp/' + each) and os.remove('/tmp/' + each)",
    ),
    "udf-tmp-full": in_udf(
        "import tempfile", "with tempfile.TemporaryFile() as file:", "    for _ in range(200): file.write(bytes(2**20))"
    ),
    "udf-workspace-full": in_udf(
        "import os",
        "try:",
        "    open('/opt/workspace/a', 'wb').write(bytes(39 * 2**20))",
        "    import shutil",
        "    shutil.copyfile('/opt/workspace/a', '/opt/workspace/b')",
        "finally:",
        "    for each in 'ab': os.path.exists('/opt/workspace/' + each) and os.remove('/opt/workspace/' + each)",
    ),
    "shuffle-disk-full": """
text = "concat(uuid(), uuid(), uuid(), uuid(), uuid(), uuid(), uuid(), uuid(), uuid(), uuid())"
spark.range(0, 1500000, numPartitions=8).selectExpr("id", f"{text} AS text").repartition(8, "text").count()
""",
    "persist-disk-full": """
from pyspark import StorageLevel
import gc
gc.collect(); spark._jvm.System.gc(); time.sleep(2)
spark.range(0, 1500000, numPartitions=1).selectExpr("id", f"{text} AS text").persist(StorageLevel.DISK_ONLY).count()
""",
}

# As the cluster sets it; without it, Spark does not say how Python ended.
python_ends = {
    "_session": "spark = session(**{'spark.python.worker.faulthandler.enabled': 'true'})",
    "udf-native-crash": in_udf("import ctypes", "ctypes.string_at(0)"),
    "udf-abort": in_udf("import os", "os.abort()"),
    "udf-os-exit": in_udf("import os", "os._exit(1)"),
    "udf-killed": in_udf("import os", "os.kill(os.getpid(), 9)"),
    "udf-python-memory-kill": in_udf(
        "import os",
        "with open(os.environ['PYTHON_FAULTHANDLER_DIR'] + '/' + str(os.getpid()), 'w') as file:",
        "    file.write('pythonMemory: Python on this executor took 700m, more than its share of 600m.')",
        "os.kill(os.getpid(), 9)",
    ),
    "udf-python-memory": in_udf(
        "raise MemoryError('pythonMemory: Python on this executor took 700m, more than its share of 600m.')"
    ),
    "rdd-native-crash": """
spark.sparkContext.parallelize([1], 1).map(lambda x: __import__("ctypes").string_at(0)).collect()
""",
    "write-workspace-full": """
spark.range(0, 2000000, numPartitions=2).selectExpr("id", "concat(uuid(), uuid(), uuid(), uuid()) s").write.parquet("/opt/workspace/big")
""",
    "_clean": "import shutil; shutil.rmtree('/opt/workspace/big', ignore_errors=True)",
}

queries = {
    "_session": "spark = session()",
    "unresolved-column": "spark.range(1).select('nope')",
    "no-table": "spark.table('nope')",
    "parse-error": "spark.sql('SELEC 1')",
    "table-exists": "spark.range(1).write.saveAsTable('t'); spark.range(1).write.saveAsTable('t')",
    "table-of-before": """
import os
os.makedirs("/opt/workspace/spark-warehouse/old")
open("/opt/workspace/spark-warehouse/old/rows", "w").write("x")
spark.range(1).write.saveAsTable("old")
""",
    "path-exists": "spark.range(1).write.parquet('/opt/workspace/p'); spark.range(1).write.parquet('/opt/workspace/p')",
    "path-not-found": "spark.read.parquet('/opt/workspace/nope')",
    "overflow": "spark.range(1).selectExpr('cast(id + 9223372036854775807 as long) + 1').collect()",
    "overflow-in-task": "spark.range(2, 4).selectExpr('id * 9223372036854775807').collect()",
    "cast-error": "spark.createDataFrame([('x',)], 's string').selectExpr('cast(s as int)').collect()",
    "schema-mismatch": "spark.read.schema('id string, x array<int>').parquet('/opt/workspace/p').collect()",
    "not-parquet": """
open("/opt/workspace/text.parquet", "w").write("this is no parquet")
spark.read.schema("id long").parquet("/opt/workspace/text.parquet").collect()
""",
    "json-failfast": """
open("/opt/workspace/a.json", "w").write("{nope")
spark.read.schema("a int").option("mode", "FAILFAST").json("/opt/workspace/a.json").collect()
""",
    "jdbc-refused": "spark.read.jdbc('jdbc:postgresql://127.0.0.1:5432/x', 't', properties={'driver': 'org.postgresql.Driver'})",
    "jdbc-unknown-host": "spark.read.jdbc('jdbc:postgresql://nowhere.invalid:5432/x', 't', properties={'driver': 'org.postgresql.Driver'})",
    "jdbc-no-driver": "spark.read.jdbc('jdbc:mysql://127.0.0.1/x', 't')",
    "jdbc-write-refused": """
spark.range(1).write.jdbc("jdbc:postgresql://127.0.0.1:5432/x", "t", properties={"driver": "org.postgresql.Driver"})
""",
    "s3-no-filesystem": "spark.read.text('s3a://bucket/x')",
    "hdfs-refused": "spark.read.text('hdfs://127.0.0.1:9000/x')",
    "pickle-lock": "lock = threading.Lock()\nspark.sparkContext.parallelize([1]).map(lambda x: lock).collect()",
    "pickle-session": "spark.sparkContext.parallelize([1]).map(lambda x: spark.range(1).count()).collect()",
    "job-cancelled": """
threading.Timer(2, lambda: spark.sparkContext.cancelAllJobs()).start()
spark.sparkContext.parallelize([1], 1).map(lambda x: time.sleep(20)).collect()
""",
    "interrupted": """
threading.Timer(2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
spark.sparkContext.parallelize([1], 1).map(lambda x: __import__("time").sleep(6)).collect()
""",
    "_rest": "spark.sparkContext.cancelAllJobs(); time.sleep(1)",
    "deep-plan": """
frame = spark.range(1)
spark.sql("SELECT " + "+".join(["1"] * 30000)).collect()
""",
    "py4j-java-error": "spark._jvm.java.lang.Integer.parseInt('x')",
    "py4j-no-method": "spark._jsc.nope()",
    "second-context": "from pyspark import SparkContext\nSparkContext('local')",
    "streaming-udf": """
from pyspark.sql.functions import udf
@udf("long")
def broken(_):
    raise ValueError("negative price")
query = spark.readStream.format("rate").load().select(broken("value")).writeStream.format("memory").queryName("q").start()
query.awaitTermination(60)
""",
    "streaming-foreach-batch": """
def batch(frame, number):
    raise ValueError("negative price")
spark.readStream.format("rate").load().writeStream.foreachBatch(batch).start().awaitTermination(60)
""",
    "notebook-refused": "socket.create_connection(('127.0.0.1', 5432))",
    "notebook-url-refused": "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9')",
    "notebook-numpy-giant": "import numpy\nnumpy.ones(10**14)",
    "notebook-refused-while-spark-failed": """
try:
    spark.table("nope")
except Exception:
    socket.create_connection(("127.0.0.1", 5432))
""",
    "foreach-partition-refused": """
spark.sparkContext.parallelize([1], 1).foreachPartition(lambda rows: __import__("socket").create_connection(("127.0.0.1", 5432)))
""",
    "driver-local-disk": """
spark.sparkContext._temp_dir
spark.sparkContext.broadcast(bytes(200 * 2**20))
""",
    "stopped-here": "frame = spark.range(1)\nspark.stop()\nframe.count()",
    "stopped-here-context": "spark.sparkContext.parallelize([1]).count()",
}

files = {
    "_session": "spark = session()",
    "file-of-own-disk": """
open("/tmp/lines.txt", "w").write("a")
frame = spark.read.text("file:/tmp/lines.txt")
os.remove("/tmp/lines.txt")
frame.collect()
""",
    "file-of-own-disk-rdd": """
open("/tmp/lines.txt", "w").write("a")
lines = spark.sparkContext.textFile("/tmp/lines.txt")
lines.getNumPartitions()
os.remove("/tmp/lines.txt")
lines.collect()
""",
    "file-of-workspace-gone": """
open("/opt/workspace/lines.txt", "w").write("a")
frame = spark.read.text("/opt/workspace/lines.txt")
os.remove("/opt/workspace/lines.txt")
frame.collect()
""",
    "create-dataframe-type": "spark.createDataFrame([('x',)], 'a int')",
}

stopped = {
    "_session": "spark = session()",
    "stopped-during-job": """
threading.Timer(2, spark.stop).start()
spark.sparkContext.parallelize([1], 1).map(lambda x: __import__("time").sleep(20)).collect()
""",
    "_again": "spark = session(); frame = spark.range(1); spark.stop(); spark = session()",
    "stopped-before-another": "frame.count()",
}

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

executors = {
    "_session": "spark = session(**{'spark.executor.heartbeatInterval': '2s', 'spark.network.timeout': '12s', 'spark.network.timeoutInterval': '3s', 'spark.cores.max': '1'})" + END,
    "executor-killed": "end(9)",
    "executor-terminated": "end(15)",
    "executor-native-crash": "end(11)",
    "executor-aborts": "end(6)",
    "executor-exits": "spark.range(1, numPartitions=1).selectExpr('java_method(\"java.lang.System\", \"exit\", 1 + cast(id as int))').collect()",
    "executor-heap": """
text = "length(concat_ws(',', transform(sequence(1, 9000000), x -> repeat('y', 60))))"
spark.range(1, numPartitions=1).selectExpr(text).show()
""",
    "executor-heap-rows": """
spark.range(0, 3000000, numPartitions=1).selectExpr("id % 2 k", "repeat('x', 300) s").groupBy("k").agg({"s": "collect_list"}).selectExpr("size(`collect_list(s)`)").collect()
""",
    "executor-hangs": "end(19)",
}

results = {
    "_session": "spark = session(**{'spark.driver.maxResultSize': '1m'})",
    "results-too-large": "spark.range(0, 1000000, numPartitions=4).collect()",
    "results-too-large-pandas": "spark.range(0, 1000000, numPartitions=4).toPandas()",
    "results-too-large-rdd": "spark.sparkContext.parallelize(range(1000000), 4).map(lambda x: str(x) * 9).collect()",
    "results-too-large-broadcast": """
from pyspark.sql.functions import broadcast
spark.range(0, 1000000, numPartitions=4).join(broadcast(spark.range(0, 1000000, numPartitions=4)), "id").count()
""",
}

driver_heap = {
    "_session": "spark = session(**{'spark.driver.memory': '470m', 'spark.driver.maxResultSize': '0', 'spark.driver.defaultJavaOptions': '-XX:+UseSerialGC'})",
    "driver-heap": "rows = spark.range(0, 4000000, numPartitions=8).selectExpr(\"repeat('x', 300) as s\", 'id').collect()",
    "driver-heap-broadcast": """
from pyspark.sql.functions import broadcast
spark.range(9).join(broadcast(spark.range(0, 9000000, numPartitions=8)), "id").count()
""",
    "driver-heap-direct": "spark._jvm.java.util.Arrays.asList(spark._jvm.java.nio.ByteBuffer.allocate(2000000000))",
    "driver-array-too-large": "spark._jvm.java.nio.ByteBuffer.allocate(2147483647)",
    "driver-direct-memory": "spark._jvm.java.nio.ByteBuffer.allocateDirect(2000000000)",
}

driver_killed = {
    "_session": "spark = session()",
    "driver-killed": "frame = spark.range(1); os.kill(spark.sparkContext._gateway.proc.pid, 9); time.sleep(1); frame.count()",
    "driver-gone-builder": "from pyspark.sql import SparkSession; SparkSession.builder.getOrCreate()",
}

driver_killed_in_job = {
    "_session": "spark = session()",
    "driver-killed-in-job": """
threading.Timer(3, lambda: os.kill(spark.sparkContext._gateway.proc.pid, 9)).start()
spark.sparkContext.parallelize([1], 1).map(lambda x: __import__("time").sleep(20)).collect()
""",
}

driver_ended = {
    "_session": "spark = session()",
    "driver-ended": """
try:
    spark._jvm.java.lang.System.exit(3)
except Exception:
    pass
spark.range(1).count()
""",
}

jar = {"no-such-package": "session(**{'spark.jars.packages': 'org.example:surely-not-there:1.0', 'spark.jars.ivy': '/tmp/ivy'})"}
jar_malformed = {"malformed-package": "session(**{'spark.jars.packages': 'surely-not-there', 'spark.jars.ivy': '/tmp/ivy'})"}
memory_malformed = {"malformed-driver-memory": "session(**{'spark.driver.memory': 'lots'})"}
memory_too_large = {"driver-memory-too-large": "session(**{'spark.driver.memory': '90000g'})"}
java_option = {"wrong-java-option": "session(**{'spark.driver.extraJavaOptions': '-Xss1k'})"}
master_malformed = {"malformed-master": "session(**{'spark.master': 'sparky'})"}
small_driver = {"driver-memory-too-small": "session(**{'spark.driver.memory': '100m'})"}

executors_fail = {"application-removed-at-once": "session(**{'spark.executorEnv.JAVA_HOME': '/nope'})"}

# The container's memory runs out: the largest process in it is killed.
out_of_memory = {
    "_session": "spark = session(**{'spark.cores.max': '1', 'spark.executor.memory': '3g', 'spark.executor.extraJavaOptions': '-Xms3g -XX:+AlwaysPreTouch'})",
    "driver-container-memory": "spark.range(1).collect()",
}

connect = {
    "_session": """
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
""",
    "connect-unresolved-column": "spark.range(1).select('nope').collect()",
    "connect-udf-value-error": in_udf("raise ValueError('negative price')"),
    "connect-udf-numpy-giant": in_udf("import numpy", "numpy.ones(10**14)"),
    "connect-udf-native-crash": in_udf("import ctypes", "ctypes.string_at(0)"),
    "connect-executor-heap": """
text = "length(concat_ws(',', transform(sequence(1, 9000000), x -> repeat('y', 60))))"
spark.range(1, numPartitions=1).selectExpr(text).collect()
""",
    "connect-jdbc-refused": """
spark.read.jdbc("jdbc:postgresql://127.0.0.1:5432/x", "t", properties={"driver": "org.postgresql.Driver"}).collect()
""",
}

GROUPS = {
    "functions": ({}, functions),
    "python_ends": ({}, python_ends),
    "queries": ({}, queries),
    "files": ({}, files),
    "stopped": ({}, stopped),
    "executors": ({}, executors),
    "results": ({}, results),
    "driver_heap": ({}, driver_heap),
    "driver_killed": ({}, driver_killed),
    "driver_killed_in_job": ({}, driver_killed_in_job),
    "driver_ended": ({}, driver_ended),
    "jar": ({}, jar),
    "jar_malformed": ({}, jar_malformed),
    "memory_malformed": ({}, memory_malformed),
    "memory_too_large": ({}, memory_too_large),
    "java_option": ({}, java_option),
    "master_malformed": ({}, master_malformed),
    "small_driver": ({}, small_driver),
    "executors_fail": ({}, executors_fail),
    "out_of_memory": ({}, out_of_memory),
    "connect": ({}, connect),
}
