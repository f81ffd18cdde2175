import { Cluster } from "../helpers/cluster";

const queries = `
import contextlib, io
from pyspark.sql import SparkSession
builder = SparkSession.builder.config("spark.ui.showConsoleProgress", "false")
spark = builder.getOrCreate()
operators = ("CometNativeScan", "CometHashAggregate", "CometNativeShuffle")

def sums(folder):
    return spark.read.parquet(folder).groupBy("key").sum("id").orderBy("key")

def plan(folder):
    return sums(folder)._jdf.queryExecution().executedPlan().toString()

for folder in ("file:///opt/workspace/comet", "s3a://spark/comet"):
    spark.conf.set("spark.comet.enabled", "true")
    spark.range(0, 100_000, 1, 8).selectExpr("id", "id % 10 AS key").write.mode("overwrite").parquet(folder)
    native, of_comet = sums(folder).collect(), [name for name in operators if name in plan(folder)]
    spark.conf.set("spark.comet.enabled", "false")
    print("of Comet", of_comet, "the same without it", native == sums(folder).collect(), "Comet" in plan(folder))

spark.conf.set("spark.comet.enabled", "true")
spark.range(10).selectExpr("id", "'first' AS written").write.mode("overwrite").saveAsTable("birds")
spark.sql("UPDATE birds SET written = 'second' WHERE id < 3")
count = lambda version: spark.sql(f"SELECT count(*) FROM birds {version} WHERE written = 'second'").first()[0]
print("now", count(""), "before", count("VERSION AS OF 0"))

spark.stop()
said = io.StringIO()
with contextlib.redirect_stderr(said):
    spark = builder.config("spark.memory.offHeap.enabled", "false").getOrCreate()
print(said.getvalue().strip())
print("rows", sum(row[1] for row in sums("s3a://spark/comet").collect()))
`;

/** A cluster with `accelerator: comet`, `tables: delta` and an object store. */
export function accelerated(cluster: Cluster): void {
  const ran = cluster.shared("queries with Comet and without it", (stack) => stack.python(queries, 600));

  const operators = "of Comet ['CometNativeScan', 'CometHashAggregate', 'CometNativeShuffle'] the same without it True False\n";
  const name = "Comet runs the scan, the sum and the shuffle of a query, with the answer that Spark has without it";
  cluster.test(`${name}, on the workspace and in a bucket`, async () => {
    expect(await ran()).toContain(operators + operators);
  });

  cluster.test("with Comet, tables of Delta Lake can be changed, and have their earlier states", async () => {
    expect(await ran()).toContain("now 3 before 0");
  });

  cluster.test("a session that cannot use Comet says why once, and runs without it", async () => {
    expect(await ran()).toContain(
      "\n[spark-cluster] This session runs without Comet: spark.memory.offHeap.enabled=false, and Comet needs true.\nrows 4999950000\n",
    );
  });
}
