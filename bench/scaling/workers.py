"""Runs many of Spark's workers in one JVM, each with its own address: workers.py COUNT CORES MEMORY

Their executors are processes that start, write one line and sleep. A worker's web page is stopped once the worker is registered:
it is not used here, and has half of a worker's threads.
"""

import os
import pathlib
import sys
import time

from py4j.java_gateway import GatewayParameters, JavaGateway, launch_gateway

count, cores, memory = map(int, sys.argv[1:4])
patience = 120  # seconds until the workers of one batch are registered
at_once = 25

java = pathlib.Path("/tmp/java/bin/java")
java.parent.mkdir(parents=True)
java.write_text("#!/bin/sh\necho >> /tmp/begun\nexec sleep infinity\n")
java.chmod(0o755)
pathlib.Path("/tmp/begun").touch()
# The executors' Java and their folder of shuffle files; the last variable is as in load-spark-env.sh.
os.environ.update(JAVA_HOME="/tmp/java", SPARK_LOCAL_DIRS="/tmp/local", SPARK_SCALA_VERSION="2.13")

# As spark-daemon starts a worker, with one processor, so each worker has only one thread of a kind.
options = pathlib.Path("/opt/spark/archives/daemon-options").read_text().splitlines()
options += ["-XX:ActiveProcessorCount=1", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx320m"]
port, process = launch_gateway(
    jarpath="/opt/spark/archives/classpath.jar",
    classpath=f"{os.environ['SPARK_CONF_DIR']}:/opt/spark/jars/*",
    javaopts=options,
    die_on_exit=True,
    redirect_stderr=sys.stderr,
    return_proc=True,
)
gateway = JavaGateway(gateway_parameters=GatewayParameters(port=port))
jvm = gateway.jvm
spark = jvm.org.apache.spark
Worker = spark.deploy.worker.Worker


def read_conf():
    properties = jvm.java.util.Properties()
    file = jvm.java.io.FileReader(f"{os.environ['SPARK_CONF_DIR']}/spark-defaults.conf")
    properties.load(file)
    file.close()
    conf = spark.SparkConf()
    for name in properties.stringPropertyNames():
        conf.set(name, properties.getProperty(name))
    return conf.set("spark.rpc.netty.dispatcher.numThreads", "1")


def default(owner, method, place):
    """The default value of a parameter, as Scala compiles it."""
    return getattr(owner, f"{method}$default${place}")()


def start(number, conf, security, masters):
    host = os.environ["HOSTNAME"]
    env = spark.rpc.RpcEnv.create("sparkWorker", host, 0, conf, security, False)
    resources, shuffle_service = default(Worker, "$lessinit$greater", 10), default(Worker, "$lessinit$greater", 11)
    work = f"/tmp/work/{number}"
    worker = Worker(env, 0, cores, memory, masters, Worker.ENDPOINT_NAME(), work, conf, security, resources, shuffle_service)
    env.setupEndpoint(Worker.ENDPOINT_NAME(), worker)
    return worker


def close_page(worker, end):
    inner = "org$apache$spark$deploy$worker$Worker$$"
    while not getattr(worker, f"{inner}activeMasterUrl")():
        if time.monotonic() > end:
            raise TimeoutError(f"the master took no notice of a worker in {patience} s")
        time.sleep(0.05)
    getattr(worker, f"{inner}webUi")().stop()


conf = read_conf()
manager = spark.SecurityManager
security = manager(conf, default(manager, "$lessinit$greater", 2), default(manager, "$lessinit$greater", 3))
spark.util.Utils.setLogLevelIfNeeded("ERROR")
masters = gateway.new_array(spark.rpc.RpcAddress, 1)
masters[0] = spark.rpc.RpcAddress.fromSparkURL("spark://spark-master:7077")
for first in range(0, count, at_once):
    end = time.monotonic() + patience
    some = [start(number, conf, security, masters) for number in range(first, min(first + at_once, count))]
    for worker in some:
        close_page(worker, end)
print("all are known", flush=True)
process.wait()
