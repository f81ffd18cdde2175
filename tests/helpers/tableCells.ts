export const session = `
import time
from pyspark.sql import SparkSession, functions as F
spark = SparkSession.builder.getOrCreate()
`;

/** Makes a table, and keeps its session until it has seen the table that another session makes at the same time. */
export const tableAndTable = (mine: string, other: string) => `
spark.range(100).withColumn("third", F.col("id") % 3).write.partitionBy("third").saveAsTable("${mine}")
deadline = time.time() + 250
while not spark.catalog.tableExists("${other}") and time.time() < deadline:
    time.sleep(0.5)
print("${mine} sees", spark.table("${other}").where("third = 1").count(), "rows of ${other}")
`;

/** What a notebook does with tables besides saveAsTable. */
export const allSorts = `
spark.sql("CREATE DATABASE team")
spark.range(10).writeTo("team.numbers").using("parquet").create()
spark.range(5).write.insertInto("team.numbers")
spark.sql("CREATE TABLE words (word STRING, n INT)")
spark.sql("INSERT INTO words VALUES ('one', 1), ('two', 2)")
spark.sql("CREATE VIEW large AS SELECT * FROM words WHERE n > 1")
spark.range(3).createOrReplaceTempView("fleeting")
print("fleeting", spark.sql("SELECT count(*) FROM fleeting").first()[0])
spark.sql("ALTER TABLE words ADD COLUMNS (note STRING)")
spark.sql("CREATE TABLE gone AS SELECT 1 AS one")
spark.sql("DROP TABLE gone")
`;

/** What a later session finds of {@link allSorts}, and of the tables "one" and "other" of {@link tableAndTable}. */
export const everythingThere = `
print("numbers", spark.table("team.numbers").count(), "large", [row.word for row in spark.table("large").collect()])
print("columns", spark.table("words").columns, "gone", spark.catalog.tableExists("gone"), "fleeting", spark.catalog.tableExists("fleeting"))
print("rows", spark.table("one").count(), spark.table("other").count())
import os
print("owners", {os.stat(path).st_uid for path, _, _ in os.walk("/opt/workspace/spark-warehouse")})
`;

/** What a program of this machine runs: it reads the address of Spark Connect from its standard input. */
export const connectJob = `
import sys
from pyspark.sql import SparkSession, functions as F
spark = SparkSession.builder.remote(sys.stdin.readline().strip()).getOrCreate()
print("sum", spark.range(1000).selectExpr("sum(id)").first()[0])
`;

export const connectTables = `
plus = F.udf(lambda n: n + 1, "long")
print("plus", spark.table("one").select(F.sum(plus("id"))).first()[0])
home = F.udf(lambda _: __import__("os").path.expanduser("~"), "string")
print("home", spark.range(1).select(home("id")).first()[0])
`;
