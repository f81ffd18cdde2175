"""Runs the queries of this folder in one session: run_queries.py TABLES ROUNDS. The same on every side of a comparison.

Prints one line of JSON: for each query the seconds of each round, and a checksum of its answer; and the number of executors that
were lost.
"""

import json
import pathlib
import sys
import time

from answers import checksum
from pyspark.sql import SparkSession

tables, rounds = pathlib.Path(sys.argv[1]), int(sys.argv[2])


spark = SparkSession.builder.appName("queries").config("spark.ui.showConsoleProgress", "false").getOrCreate()
begin = time.perf_counter()
for file in sorted(tables.glob("*.parquet")):
    spark.read.parquet(f"file://{file}").createOrReplaceTempView(file.stem)
registering = time.perf_counter() - begin

queries = {file.stem: file.read_text() for file in sorted(pathlib.Path(__file__).parent.glob("q*.sql"))}
seconds = {name: [] for name in queries}
answers = {}
for _ in range(rounds):
    for name, query in queries.items():
        begin = time.perf_counter()
        rows = spark.sql(query).collect()
        seconds[name].append(round(time.perf_counter() - begin, 3))
        answer = checksum(rows)
        if answers.setdefault(name, answer) != answer:
            sys.exit(f"{name} had the answer {answers[name]}, and then {answer}")

executors = spark.sparkContext._jsc.sc().statusStore().executorList(False)
lost = sum(not executors.apply(index).isActive() for index in range(executors.size()))
spark.stop()
print(json.dumps({"registering": round(registering, 3), "seconds": seconds, "answers": answers, "lost": lost}))
