"""A job with a known answer and a task on every core of a session: python3 - WORKER... .

Prints one line of JSON. Ends with 1 if a worker did not take part, or if the answer is wrong.
"""

import json
import socket
import sys
import time

from pyspark.sql import SparkSession

workers = sys.argv[1:]
numbers = 100_000

spark = SparkSession.builder.appName("smoke job").config("spark.ui.showConsoleProgress", "false").getOrCreate()
context = spark.sparkContext

# An executor that starts later would miss the job: wait until every worker has one. The list includes the driver.
while len({executor.host() for executor in context._jsc.sc().statusTracker().getExecutorInfos()}) <= len(workers):
    time.sleep(0.2)


def part(values):
    yield socket.gethostname(), sum(values)


# A barrier stage runs all of its tasks at the same time, so every worker takes part.
parts = context.range(numbers, numSlices=int(context.getConf().get("spark.cores.max"))).barrier().mapPartitions(part).collect()
spark.stop()
hosts, total, expected = sorted({host for host, _ in parts}), sum(each for _, each in parts), sum(range(numbers))
print(json.dumps({"workers": hosts, "sum": total, "expected": expected}))
sys.exit(hosts != sorted(workers) or total != expected)
