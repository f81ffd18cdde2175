"""Resets environment variables from tutorials that would keep a session from starting or its functions from running."""

import os
import re
import shlex
import shutil
import sys

from . import settings
from .driver import STARTED_WITH, say

# Options of spark-submit that are settings of Spark.
SETTINGS = {
    "--master": "spark.master",
    "--deploy-mode": "spark.submit.deployMode",
    "--num-executors": "spark.executor.instances",
    "--executor-cores": "spark.executor.cores",
    "--executor-memory": "spark.executor.memory",
    "--total-executor-cores": "spark.cores.max",
    "--driver-memory": "spark.driver.memory",
    "--packages": "spark.jars.packages",
    "--jars": "spark.jars",
}

WHY = {
    "JAVA_HOME": "there is no Java, and the image has its own",
    "SPARK_HOME": "there is no Spark, and the image has its own",
    "PYSPARK_PYTHON": settings.ONE_PYTHON,
}


def is_usable(name, value):
    if name == "PYSPARK_PYTHON":
        found = shutil.which(value)
        return found is not None and os.path.dirname(found) == os.path.dirname(sys.executable)
    program = {"JAVA_HOME": "bin/java", "SPARK_HOME": "bin/spark-submit"}[name]
    return os.access(os.path.join(value, program), os.X_OK)


def restore():
    """Resets each variable that names a program that is not in the image, or that is not the notebook's Python."""
    for name in ("JAVA_HOME", "SPARK_HOME", "PYSPARK_PYTHON"):
        value, before = os.environ.get(name), STARTED_WITH[name]
        if value is None or value == before or is_usable(name, value):
            continue
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
        say(f"{name}={value} is left out: {WHY[name]}.")


def of_java():
    """The settings that the cluster gives to Java by its environment: on a swarm, spark-env.sh computes a session's size."""
    return dict(re.findall(r"(?<!\S)-D(spark\.[^\s=]+)=(\S*)", os.environ.get("SPARK_SUBMIT_OPTS", "")))


def submitted():
    """The settings in PYSPARK_SUBMIT_ARGS: the user's own, those of a submitted notebook, or those of the command pyspark. And a master
    in MASTER that is not the cluster's."""
    text = os.environ.get("PYSPARK_SUBMIT_ARGS", "")
    try:
        words = [part for word in shlex.split(text) for part in (word.split("=", 1) if word.startswith("--") else [word])]
    except ValueError:  # an unclosed quote
        return {}
    own = os.environ.get("MASTER", settings.MASTER)
    found = {} if own == settings.MASTER else {"spark.master": own}
    for option, value in zip(words, words[1:]):
        if option in SETTINGS:
            found[SETTINGS[option]] = value
        elif option in ("--conf", "-c") and "=" in value:
            name, given = value.split("=", 1)
            found[name] = given
    return found
