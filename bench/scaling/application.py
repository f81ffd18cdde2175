"""An idle application with an executor on every worker, which ends with its container: application.py CORES"""

import signal
import sys

from pyspark import SparkConf, SparkContext

SparkContext.getOrCreate(SparkConf().setAppName("scaling").set("spark.cores.max", sys.argv[1]))
signal.pause()
