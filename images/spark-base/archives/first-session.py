#!/opt/python/bin/python3
"""Runs a typical first session. Its classes, the driver's and the tasks', go into the archive of drivers and executors."""

import pathlib
import tempfile

import pandas
from pyspark import SparkContext
from pyspark.sql import SparkSession, functions, types

folder = tempfile.mkdtemp()
# A session uses a shared catalog through Hive's client; here the client's database is in the driver.
settings = {"spark.hadoop.javax.jdo.option.ConnectionURL": "jdbc:derby:memory:catalog;create=true", "spark.sql.warehouse.dir": f"{folder}/warehouse"}
builder = SparkSession.builder.master("local[2]").config("spark.sql.execution.arrow.pyspark.enabled", True)
accelerator = {
    "spark.plugins": "org.apache.spark.CometPlugin",
    "spark.shuffle.manager": "org.apache.spark.sql.comet.execution.shuffle.CometShuffleManager",
    "spark.memory.offHeap.enabled": True,
    "spark.memory.offHeap.size": "1g",
}
if pathlib.Path("/usr/lib/jni/libcomet.so").exists():
    settings |= accelerator
spark = builder.config(map=settings).enableHiveSupport().getOrCreate()
rows = spark.range(0, 10_000, 1, 4).selectExpr("id", "id % 10 AS key", "CAST(id AS STRING) AS text", "CAST(id AS DECIMAL(12, 2)) AS price")
rows = rows.withColumn("day", functions.date_add(functions.lit("2020-01-01").cast("date"), (functions.col("id") % 365).cast("int")))

for kind in ("parquet", "csv", "json"):
    rows.write.mode("overwrite").format(kind).save(f"{folder}/{kind}")
spark.read.option("header", True).option("inferSchema", True).csv(f"{folder}/csv").count()
spark.read.json(f"{folder}/json").count()
spark.read.parquet(f"{folder}/parquet").createOrReplaceTempView("rows")
spark.sql("""
    WITH sums AS (SELECT key, sum(price * (1 - 0.1)) AS total, avg(id) AS mean, count(DISTINCT text) AS texts FROM rows GROUP BY key)
    SELECT rows.key, year(day) AS year, max(total) AS total, count(*) AS count, rank() OVER (ORDER BY max(total) DESC) AS place
    FROM rows JOIN sums ON rows.key = sums.key LEFT JOIN (SELECT id FROM rows WHERE text LIKE '%7%') AS sevens ON rows.id = sevens.id
    WHERE day BETWEEN DATE '2020-02-01' AND DATE '2020-11-30' AND rows.key IN (1, 2, 3)
    GROUP BY rows.key, year(day) HAVING count(*) > 1 ORDER BY total DESC, count LIMIT 10
""").show()
spark.sql("SELECT /*+ MERGE(other) */ count(*) FROM rows JOIN rows AS other ON rows.id = other.id").collect()
rows.cache().groupBy("key").agg(functions.collect_list("id"), functions.stddev("price")).toPandas()
spark.createDataFrame(pandas.DataFrame({"a": [1, 2], "b": ["x", "y"]})).collect()
spark.createDataFrame([(1, "x")], ["a", "b"]).show()
rows.select(functions.udf(lambda value: value + 1, types.LongType())("id")).agg({"*": "count"}).collect()
rows.select(functions.pandas_udf(lambda value: value + 1, types.LongType())("id")).agg({"*": "count"}).collect()
spark.sparkContext.parallelize(range(100), 4).map(lambda number: (number % 3, number)).reduceByKey(lambda one, other: one + other).collect()
rows.write.mode("overwrite").saveAsTable("archived")
spark.table("archived").describe().show()
rows.write.mode("overwrite").partitionBy("key").saveAsTable("archived")
spark.sql("CREATE TABLE words (word STRING, n INT) USING parquet")
spark.sql("INSERT INTO words VALUES ('one', 1), ('two', 2)")
spark.sql("CREATE OR REPLACE VIEW large AS SELECT * FROM words WHERE n > 1")
spark.table("large").show()
spark.sql("SHOW TABLES").show()
spark.sql("DROP VIEW large")
spark.sql("DROP TABLE words")

gateway = SparkContext._gateway
spark.stop()
# Java writes the archive when it ends.
gateway.shutdown()
gateway.proc.stdin.close()
gateway.proc.wait()
