"""A driver without a worker: says where an executor may report to it, and then what a job gave that Python had a part in."""

import json

from pyspark import SparkConf, SparkContext

context = SparkContext.getOrCreate(SparkConf().setAppName("pod"))
conf = context.getConf()
url = f"spark://CoarseGrainedScheduler@{conf.get('spark.driver.host')}:{conf.get('spark.driver.port')}"
print(json.dumps({"url": url, "application": context.applicationId}), flush=True)
print(json.dumps({"sum": context.parallelize(range(1000), 4).map(lambda each: 2 * each).sum()}), flush=True)
