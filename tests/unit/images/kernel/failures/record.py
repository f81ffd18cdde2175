"""Produces the failures of this folder on a small cluster of its own: a master, two workers with small disks, and one driver a group.

In a container of the image jupyterlab, with this repository at /repo and an empty folder at /out:

    docker run --rm --init --memory 3g --tmpfs /tmp:exec,size=128m --tmpfs /var/lib/spark:size=150m,uid=1000 \
      --tmpfs /opt/workspace:size=40m,uid=1000 -v .:/repo:ro -v /tmp/failures:/out \
      IMAGE python3 -B /repo/tests/unit/images/kernel/failures/record.py

record.py GROUP... makes only some groups. Each failure is one file: the cell, what its traceback consists of, and what else is known.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

from cells import GROUPS

OUT = pathlib.Path("/out")
SMALL_WORKER = {"SPARK_LOCAL_DIRS": "/var/lib/spark/local", "SPARK_WORKER_DIR": "/var/lib/spark/work"}


# ---- the cluster


def start(role, *arguments, **environment):
    command = ["spark-class", f"org.apache.spark.deploy.{role.lower()}.{role}", "--host", "127.0.0.1", *arguments]
    log = open(tempfile.mktemp(suffix=f"-{role}"), "w")
    limits = {"SPARK_DAEMON_MEMORY": "128m", "SPARK_DAEMON_JAVA_OPTS": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"}
    return subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **limits, **environment})


def start_worker(number):
    return start("Worker", "--port", f"710{number}", "--cores", "1", "--memory", "3g", "spark://127.0.0.1:7077", **SMALL_WORKER)


def alive():
    try:
        with urllib.request.urlopen("http://127.0.0.1:8080/json/", timeout=5) as answer:
            return sum(worker["state"] == "ALIVE" for worker in json.load(answer)["workers"])
    except OSError:
        return 0


class Cluster:
    def __init__(self):
        self.master = start("Master", "--port", "7077")
        self.workers = [start_worker(number) for number in (1, 2)]
        self.wait()

    def wait(self):
        deadline = time.time() + 60
        while alive() < 2 and time.time() < deadline:
            time.sleep(0.5)


# ---- one driver


# Frames that tell where something happened, however deep: in a task, in a spark.stop() of Python's.
TELLING = r"Executor\$TaskRunner\.run\(|JavaSparkContext\.stop\("


def trimmed(java):
    """Java's text with the frames that matter: of each throwable the first ten, and those that tell where it happened."""
    kept, frames = [], 0
    for line in java.splitlines():
        if re.match(r"\s+(at |\.\.\. \d+ more)", line):
            frames += 1
            if frames > 10 and not re.search(TELLING, line) or line.startswith("\t\t"):
                continue
        elif line.startswith("\tSuppressed: "):
            continue
        else:
            frames = 0
        kept.append(line[:600])
    return kept[:120]


def write(name, cell, links, java_ended, heard):
    for link in links:
        link["java"], link["text"] = trimmed(link["java"]), trimmed(link["text"])
    seen = {"cell": cell.strip().splitlines(), "javaEnded": java_ended, "heard": heard, "links": links}
    (OUT / f"{name}.json").write_text(json.dumps(seen, indent=1) + "\n")


# Lines of a Java that does not start.
SAYS_WHY = r"unresolved dependency|Server access error|Invalid|Could not|^Error|Exception in thread"


def drive(group):
    from cluster_kernel import failure, sessions

    sessions.load()
    heard = pathlib.Path(os.environ["HEARD"])
    space = {}
    exec(SESSION, space)
    for name, cell in GROUPS[group].items():
        error, begin, before = None, time.time(), len(heard.read_text())
        try:
            exec(compile(cell, "cell", "exec"), space)
        except BaseException as raised:
            error = raised
        print(f"{group} {name} {time.time() - begin:.0f}s {type(error).__name__}", flush=True)
        if name.startswith("_"):
            if error is not None:
                print(f"    {error}", flush=True)
            continue
        if error is None:
            print(f"NO FAILURE: {name}", flush=True)
            continue
        gateway = getattr(sys.modules.get("pyspark") and sys.modules["pyspark"].SparkContext, "_gateway", None)
        process = getattr(gateway, "proc", None)
        time.sleep(0.3)
        lines = [line for line in heard.read_text()[before:].splitlines() if re.search(SAYS_WHY, line)]
        write(name, cell, failure.links(error), process.poll() if process else None, lines[-8:])


SESSION = """
import os, signal, socket, sys, threading, time
def session(**more):
    from pyspark.sql import SparkSession
    settings = {
        "spark.master": "spark://127.0.0.1:7077", "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "512m", "spark.executor.memory": "512m", "spark.task.maxFailures": "1", "spark.ui.enabled": "false",
        "spark.sql.warehouse.dir": "file:///opt/workspace/warehouse", "spark.sql.shuffle.partitions": "2",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        **more,
    }
    builder = SparkSession.builder
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    return spark
"""


def main(groups):
    os.chdir("/opt/workspace")
    cluster = Cluster()
    print("cluster is up:", alive(), flush=True)
    for group in groups or GROUPS:
        heard = tempfile.mktemp(suffix=f"-{group}")
        env = {**os.environ, "HEARD": heard}
        with open(heard, "w") as errors:
            try:
                subprocess.run([sys.executable, __file__, "--drive", group], env=env, stderr=errors, timeout=300)
            except subprocess.TimeoutExpired:
                print(f"{group}: timed out", flush=True)
        if "Traceback" in open(heard).read()[-3000:]:
            print(open(heard).read()[-1500:])
        if cluster.master.poll() is not None or any(worker.poll() is not None for worker in cluster.workers):
            for process in (cluster.master, *cluster.workers):
                process.kill()
                process.wait()
            cluster = Cluster()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--drive"]:
        sys.path[:0] = ["/repo/images/jupyterlab/kernel", "/repo/images/spark-base"]
        drive(sys.argv[2])
    else:
        main(sys.argv[1:])
