"""A driver without a worker: prints the address where an executor can register, then the result of a job that uses Python."""

import json

from pyspark import SparkConf, SparkContext

context = SparkContext.getOrCreate(SparkConf().setAppName("pod"))
conf = context.getConf()
url = f"spark://CoarseGrainedScheduler@{conf.get('spark.driver.host')}:{conf.get('spark.driver.port')}"
print(json.dumps({"url": url, "application": context.applicationId}), flush=True)
print(json.dumps({"sum": context.parallelize(range(1000), 4).map(lambda each: 2 * each).sum()}), flush=True)
