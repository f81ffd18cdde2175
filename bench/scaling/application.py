"""An application with an executor on every worker, which has nothing to do and ends with its container: application.py CORES"""

import signal
import sys

from pyspark import SparkConf, SparkContext

SparkContext.getOrCreate(SparkConf().setAppName("scaling").set("spark.cores.max", sys.argv[1]))
signal.pause()
