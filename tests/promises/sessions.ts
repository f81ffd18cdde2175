import { Cluster } from "../helpers/cluster";
import { session as bareSession } from "../helpers/faults";

/** The README's session that names its settings, to the letter. */
const explicitSession = `
from pyspark.sql import SparkSession
spark = SparkSession.builder.appName("first").master("spark://spark-master:7077") \\
    .config("spark.executor.memory", "512m").config("spark.driver.memory", "2g").getOrCreate()
`;

/** Waits for an executor on every worker, then asks each of them for its name in one barrier stage. */
const hosts = `
import socket, time
sc = spark.sparkContext
deadline = time.time() + 300
while len({e.host() for e in sc._jsc.sc().statusTracker().getExecutorInfos()}) < 3 and time.time() < deadline:
    time.sleep(0.2)
names = sc.range(100, numSlices=int(sc.getConf().get("spark.cores.max"))).barrier().mapPartitions(lambda _: [socket.gethostname()]).collect()
print("executors on", *sorted(set(names)))
`;

const onBothWorkers = "executors on spark-worker-1 spark-worker-2";

/** Keeps a session until another, begun at the same time, has its executors too. */
const keepOn = (name: string, other: string) => `
import pathlib
pathlib.Path("/opt/workspace/${name}.has-executors").touch()
while not pathlib.Path("/opt/workspace/${other}.has-executors").exists() and time.time() < deadline:
    time.sleep(0.2)
print("next to another:", pathlib.Path("/opt/workspace/${other}.has-executors").exists())
`;

/** Appends 200,000 rows. The last of them is written after {@link otherAppends}, while the first half is committed. */
const slowAppend = `
def held(batches):
    for rows in batches:
        while 199_999 in rows["id"].values and not pathlib.Path("/opt/workspace/appended").exists() and time.time() < deadline:
            time.sleep(0.2)
        yield rows
spark.range(0, 200_000, numPartitions=2).mapInPandas(held, "id long").write.mode("append").parquet("/opt/workspace/appends")
rows, left = spark.read.parquet("/opt/workspace/appends").count(), pathlib.Path("/opt/workspace/appends/_temporary").exists()
print("appended", rows, "left", left)
`;

/** Appends six rows, and begins an append that fails. */
const otherAppends = `
temporary = pathlib.Path("/opt/workspace/appends/_temporary")
while not (list(temporary.glob("*/task_*")) and list(temporary.glob("*/_temporary/attempt_*/part-*"))) and time.time() < deadline:
    time.sleep(0.2)
spark.range(6).write.mode("append").parquet("/opt/workspace/appends")
try:
    wrong = spark.range(1).selectExpr("raise_error('wrong') AS id").selectExpr("CAST(id AS LONG) AS id")
    wrong.write.mode("append").parquet("/opt/workspace/appends")
except Exception:
    print("an append failed while the other", "went on" if temporary.exists() else "was gone")
pathlib.Path("/opt/workspace/appended").touch()
`;

const heapAndFiles = `
print("heap of the driver", sc._jvm.java.lang.Runtime.getRuntime().maxMemory() >> 20)
pathlib.Path("/opt/workspace/note.txt").write_text("from the notebook")
def read(_):
    import socket, pathlib
    yield socket.gethostname(), pathlib.Path("/opt/workspace/note.txt").read_text()
print(sorted(set(spark.sparkContext.range(8, numSlices=8).mapPartitions(read).collect())))
spark.range(1000).write.mode("overwrite").parquet("/opt/workspace/numbers")
import pyarrow.parquet
print("rows", pyarrow.parquet.read_table("/opt/workspace/numbers").num_rows, "owner", pathlib.Path("/opt/workspace/numbers").stat().st_uid)
`;

const functionsAndPackages = `
print(*(spark.conf.get(key) for key in ("spark.master", "spark.driver.memory", "spark.executor.memory")))
import pandas as pd
from pyspark.sql.functions import pandas_udf, udf
plus = udf(lambda n: n + 1, "long")
@pandas_udf("long")
def times(numbers: pd.Series) -> pd.Series:
    return numbers * 2
frame = spark.range(1000).select(plus("id").alias("plus"), times("id").alias("times")).toPandas()
print(type(frame).__name__, frame["plus"].sum(), frame["times"].sum())
import sys
from importlib.metadata import distributions
def packages(_=None):
    # Without those inside setuptools, which it adds to a Python that has imported distutils, as PySpark 3.5 does.
    yield sys.version, sorted({(d.metadata["Name"], d.version) for d in distributions() if "_vendor" not in str(d.locate_file(""))})
here = next(packages())
there = spark.sparkContext.parallelize(range(4), 4).mapPartitions(packages).collect()
print("packages:", len(here[1]), "same:", all(each == here for each in there))
`;

/** Classes that a JVM maps from an archive of the image's: those of its container, and of the workers'. */
const archives = `
import glob
def archives(_=None):
    found = set()
    for maps in glob.glob("/proc/[0-9]*/maps"):
        try:
            found |= {line.split("/")[-1].strip() for line in open(maps) if ".jsa" in line}
        except OSError:
            pass
    yield " ".join(sorted(found & {"daemons.jsa", "sessions.jsa"}))
print("mapped here:", *archives())
print("mapped there:", *sorted(set(sc.range(8, numSlices=8).mapPartitions(archives).collect())))
`;

/** The collectors of executors, by the names of their threads: the simplest has none of its own. */
const collectors = `
def collector(_):
    import glob, os
    parent = lambda process: open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()[1]
    threads = [open(name).read() for name in glob.glob(f"/proc/{parent(os.getppid())}/task/*/comm")]
    yield "G1" if any(thread.startswith("G1 ") for thread in threads) else "the simplest" if len(threads) > 5 else "no Java"
print("executors collect by", *sorted(set(sc.range(8, numSlices=8).mapPartitions(collector).collect())))
`;

/** Options that a person gives in a notebook. */
const ownCollector = `
import os
os.environ["PYSPARK_SUBMIT_ARGS"] = "--conf spark.executor.extraJavaOptions=-XX:+UseG1GC pyspark-shell"
`;

/** A stream's state in RocksDB, whose library comes in a jar that the image makes smaller. */
const streamWithState = `
from pyspark.sql.functions import expr
spark.conf.set("spark.sql.streaming.stateStore.providerClass", "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider")
spark.range(1000).write.mode("overwrite").parquet("/opt/workspace/stream")
counts = spark.readStream.schema("id long").parquet("/opt/workspace/stream").groupBy(expr("id % 3")).count()
counts.writeStream.outputMode("complete").format("memory").queryName("counts").trigger(availableNow=True).start().awaitTermination()
print("counted", sorted(row["count"] for row in spark.table("counts").collect()))
`;

/** What notebooks have on a cluster with two workers. */
export function sessions(cluster: Cluster): void {
  /** What two notebooks printed that ran at the same time: the README's, and one with nothing but getOrCreate(). */
  const notebooks = cluster.shared("two notebooks at once", async (stack) => {
    const [explicit, bare] = await Promise.all([
      stack.python(
        ownCollector +
          explicitSession +
          hosts +
          keepOn("explicit", "bare") +
          slowAppend +
          heapAndFiles +
          streamWithState +
          collectors,
        800,
      ),
      stack.python(
        bareSession + hosts + keepOn("bare", "explicit") + otherAppends + functionsAndPackages + archives + collectors,
        800,
      ),
    ]);
    return { explicit, bare };
  });

  describe("sessions", () => {
    cluster.test("the session of the README has executors on all workers, and the driver that it asks for", async () => {
      const { explicit } = await notebooks();
      expect(explicit).toContain(onBothWorkers);
      expect(Number(/heap of the driver (\d+)/.exec(explicit)?.[1])).toBeGreaterThan(1900);
    });

    cluster.test("a bare session has them too, with the memory of the stack's configuration", async () => {
      const { bare } = await notebooks();
      expect(bare).toContain(onBothWorkers);
      expect(bare).toContain("spark://spark-master:7077 1g 512m");
    });

    cluster.test("two notebooks at once each have executors on all workers", async () => {
      const { explicit, bare } = await notebooks();
      expect(explicit).toContain("next to another: True");
      expect(bare).toContain("next to another: True");
    });

    cluster.test("two notebooks append to one folder at the same time, and all rows are there", async () => {
      const { explicit, bare } = await notebooks();
      expect(bare).toContain("an append failed while the other went on");
      expect(explicit).toContain("appended 200006 left False");
    });

    cluster.test("a Python function, a pandas function and toPandas work", async () => {
      expect((await notebooks()).bare).toContain("DataFrame 500500 999000");
    });

    cluster.test("workers have the very packages that notebooks have", async () => {
      expect((await notebooks()).bare).toMatch(/packages: \d\d+ same: True/);
    });

    cluster.test("drivers, executors and daemons map their classes from the image's archives", async (stack) => {
      const { bare } = await notebooks();
      expect(bare).toContain("mapped here: daemons.jsa sessions.jsa");
      expect(bare).toMatch(/mapped there: daemons\.jsa sessions\.jsa$/m);
      for (const part of ["master", "history-server"]) {
        const maps = "cat /proc/[0-9]*/maps 2> /dev/null || true";
        expect(await stack.askInside(stack.nameOf(part), "sh", "-c", maps)).toContain("/archives/daemons.jsa");
      }
    });

    cluster.test("small heaps have the simplest collector, and a person's own choice takes its place", async () => {
      const { explicit, bare } = await notebooks();
      expect(bare).toContain("executors collect by the simplest");
      expect(explicit).toContain("executors collect by G1");
    });

    cluster.test("a stream keeps its state in RocksDB", async () => {
      expect((await notebooks()).explicit).toContain("counted [333, 333, 334]");
    });

    cluster.test("every executor reads what a notebook writes, and a notebook what executors write", async () => {
      const { explicit } = await notebooks();
      expect(explicit).toContain("[('spark-worker-1', 'from the notebook'), ('spark-worker-2', 'from the notebook')]");
      expect(explicit).toContain("rows 1000 owner 1000");
    });

    cluster.test(
      "all containers are on the stack's own network and run as one user, and all but the catalog see the shared volume at one path",
      async (stack) => {
        const running = await stack.containers();
        expect(Object.keys(running).sort()).toEqual([
          "catalog",
          "history-server",
          "jupyterlab",
          "master",
          "worker-1",
          "worker-2",
        ]);
        for (const [part, container] of Object.entries(running)) {
          expect(Object.keys(container.NetworkSettings.Networks)).toEqual([stack.nameOf("network")]);
          const volume = container.Mounts.find(({ Destination }) => Destination === "/opt/workspace")?.Name;
          expect(volume).toBe(part === "catalog" ? undefined : stack.nameOf("workspace"));
          const who = await stack.askInside(
            container.Id,
            "sh",
            "-c",
            "id -un; id -u; touch /opt/workspace/mine && echo writes; true",
          );
          expect(who.trim().split("\n")).toEqual(["spark", "1000", ...(part === "catalog" ? [] : ["writes"])]);
        }
      },
    );

    cluster.test("the master's page shows both workers, with links that go through it", async (stack) => {
      const { sparkUi } = await stack.outputs();
      const page = await (await fetch(sparkUi)).text();
      const links = [...page.matchAll(/href="([^"]*\/proxy\/worker-[^"]+)"/g)].map((match) => match[1]!);
      expect(links).toHaveLength(2);
      for (const link of links) {
        expect(await (await fetch(new URL(link, sparkUi))).text()).toContain("Spark Worker at");
      }
    });
  });
}
