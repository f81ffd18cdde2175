import { Cluster } from "../helpers/cluster";
import { Cell, inNotebook } from "../helpers/notebook";

/** One notebook with three sessions. Its cells are interrupted by the signal that JupyterLab's stop button sends. */
const notebook = `
notebook, cells = Notebook(), {}
def session(*settings):
    builder = "".join(f".config({name!r}, {value!r})" for name, value in settings)
    return SESSION.replace(".getOrCreate", builder + ".getOrCreate")
def add(name, cell):
    cells[name] = notebook.run(cell)
def interrupt(name, cell, after=4):
    running, seen = notebook.begin("print('begun')\\n" + cell)
    while running.is_alive() and not seen.get("stdout"):
        time.sleep(0.1)
    time.sleep(after) # by default, its tasks run
    notebook.manager.interrupt_kernel()
    running.join(60)
    cells[name] = seen
    add("after " + name, """
begin = time.time()
print(sorted(spark.sparkContext.parallelize([1, 2], 2).map(lambda x: x).collect()), time.time() - begin < 30)
""")

add("first", session(
    ("spark.executor.instances", 1), ("spark.driver.host", "localhost"), ("spark.excutor.memory", "1g"), ("spark.executor.memoryOverhead", "1g"),
) + "print(spark.sparkContext.getConf().get('spark.cores.max'), spark.range(5).repartition(2).count())")
add("running", session(("spark.executor.memory", "300m"), ("spark.sql.shuffle.partitions", 3)) + """
import time
print(spark.conf.get("spark.sql.shuffle.partitions"), spark.range(3).count())
""")
add("stream", """
from pyspark.sql.streaming import StreamingQueryListener
started = []
class Listener(StreamingQueryListener):
    def onQueryStarted(self, event): started.append(event.name)
    def onQueryProgress(self, event): pass
    def onQueryIdle(self, event): pass
    def onQueryTerminated(self, event): pass
spark.streams.addListener(Listener())
query = spark.readStream.format("rate").load().writeStream.format("noop").queryName("rate").start()
while query.lastProgress is None:
    time.sleep(0.2)
""")
interrupt("function", "spark.range(1).foreach(lambda _: time.sleep(600))")
interrupt("pool", """
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(1) as pool:
    list(pool.map(lambda _: spark.range(1).foreach(lambda _: time.sleep(600)), range(9)))
""")
interrupt("query", "spark.range(10**13).selectExpr('sum(hash(id))').collect()")
# Its plan takes longer than it takes the next cell to begin.
interrupt("early", """
from pyspark.sql import functions as F
spark.range(10**13).select(*[F.expr(f"sum(hash(id + {number}))") for number in range(60)]).collect()
""", after=0)
# Without code generation, its tasks do not look whether they were killed.
interrupt("wide", """
spark.range(10**13).select(*[F.expr(f"sum(hash(id + {number}))") for number in range(150)]).collect()
""")
add("batches", """
import threading
inside = threading.Event()
def batch(frame, number):
    inside.set()
    time.sleep(3)
    frame.count()
batches = spark.readStream.format("rate").load().writeStream.foreachBatch(batch).start()
begun = inside.wait(60)
batches.stop()
print(begun, batches.exception())
""")
add("condition", """
import functools
from pyspark.sql import functions as F
parts = [F.col("id") == number for number in range(500)]
print(spark.range(1000).where(functools.reduce(lambda one, other: one | other, parts)).count())
""")
add("background", """
def fail(frame, number): raise ValueError("of a batch")
failing = spark.readStream.format("rate").load().writeStream.foreachBatch(fail).start()
while failing.isActive:
    time.sleep(0.1)
""")
add("stream after", "print(query.isActive, query.exception(), started, spark.sparkContext.getJobTags()); query.stop(); spark.stop()")
add("everything", session(("spark.cores.max", 64), ("spark.driver.memory", "2g")) + "spark.stop()")
add("local", SESSION.replace(".getOrCreate", ".master('local[1]').getOrCreate") + "print(spark.range(3).count()); spark.stop()")
notebook.close()
notebook = Notebook()
add("environment", """
import os
os.environ.update(
    JAVA_HOME="/usr/lib/jvm/java-8-openjdk-amd64", SPARK_HOME="/usr/local/spark", PYSPARK_PYTHON="/usr/bin/python3",
    PYSPARK_SUBMIT_ARGS="--master local[2] pyspark-shell",
)
""" + SESSION + """
print(spark.range(3).rdd.map(lambda row: row.id).sum())
""")
notebook.close()
print(json.dumps(cells))
`;

const interrupted = ["function", "pool", "query", "early", "wide"] as const;
type Interrupted = (typeof interrupted)[number];
type Own = "first" | "running" | "batches" | "condition" | "background" | "stream after" | "everything" | "local" | "environment";
type Name = Own | Interrupted | `after ${Interrupted}`;

/** What a person has in hand: a session's settings, and the interrupt of a cell. */
export function control(cluster: Cluster): void {
  describe("control", () => {
    const cells = cluster.shared("running the notebook", (stack) => inNotebook<Record<Name, Cell>>(stack, notebook));

    cluster.test("spark.executor.instances limits a session, and settings that cannot work are named in the cell", async () => {
      const { first } = await cells();
      expect(first).toMatchObject({ stdout: "1 5\n", error: "" });
      expect(first.stderr).toContain("[spark-cluster] spark.driver.host=localhost is left out");
      expect(first.stderr).toContain("[spark-cluster] spark.executor.memoryOverhead has no effect");
      expect(first.stderr).toContain("Did you mean spark.executor.memory?");
      expect(first.stderr.trim().split("\n")).toHaveLength(3);
    });

    cluster.test("a running session takes settings of SQL, and names those that need a new session or a new kernel", async () => {
      const { running, everything } = await cells();
      expect(running).toMatchObject({ stdout: "3 3\n", error: "" });
      expect(running.stderr).toBe(
        "[spark-cluster] spark.executor.memory has no effect on the session that runs already. For a new one, call spark.stop() first.\n",
      );
      expect(everything.stderr).toContain("spark.driver.memory has no effect: this kernel's Java has started already");
    });

    cluster.test("a session that takes more than its share says so, and so does one that is not on the cluster", async () => {
      const { everything, local } = await cells();
      expect(everything.stderr).toMatch(/spark\.cores\.max=64: this session takes up to \d+ of the cluster's \d+ cores/);
      expect(local).toMatchObject({ stdout: "3\n", error: "" });
      expect(local.stderr).toContain("spark.master=local[1]: this session runs in JupyterLab's container alone");
    });

    cluster.test(
      "variables of a tutorial that would break a session are left out, and a master among them is named",
      async () => {
        const { environment } = await cells();
        expect(environment).toMatchObject({ stdout: "3\n", error: "" });
        for (const words of [
          "JAVA_HOME=/usr/lib/jvm/java-8-openjdk-amd64 is left out: there is no Java",
          "SPARK_HOME=/usr/local/spark is left out: there is no Spark",
          "PYSPARK_PYTHON=/usr/bin/python3 is left out: driver and executors run the notebook's Python",
          "spark.master=local[2]: this session runs in JupyterLab's container alone",
        ]) {
          expect(environment.stderr).toContain(`[spark-cluster] ${words}`);
        }
        expect(environment.stderr.trim().split("\n")).toHaveLength(4);
      },
    );

    cluster.test("an interrupted cell ends with its job, and the next has the executors", async () => {
      const seen = await cells();
      for (const name of interrupted) {
        expect(seen[name].error).toContain("KeyboardInterrupt");
        expect(seen[`after ${name}`]).toMatchObject({ stdout: "[1, 2] True\n", error: "" });
      }
      if (!cluster.hasSpark3) {
        expect(seen["after wide"].stderr).not.toContain("Lost executor"); // Spark 3 says so of the one that the reaper has ended
      }
    });

    cluster.test(
      "a stream that is stopped inside foreachBatch ends without a word, and long conditions fit Java's stack",
      async () => {
        const { batches, condition } = await cells();
        expect(batches).toMatchObject({ stdout: "True None\n", stderr: "", error: "" });
        expect(condition).toMatchObject({ stdout: "500\n", error: "" });
      },
    );

    cluster.test("an interrupt leaves a stream of an earlier cell alone", async () => {
      expect((await cells())["stream after"]).toMatchObject({
        stdout: expect.stringMatching(/^True None /) as string,
        error: "",
      });
    });

    cluster.test("a listener of streams hears their start, and jobs have the user's tags alone", async () => {
      expect((await cells())["stream after"].stdout).toBe("True None ['rate', None, None] set()\n");
    });

    cluster.test(
      "an error in a stream for which no cell waits is shown with its Python traceback, and no Java trace",
      async () => {
        const { stderr } = (await cells()).background;
        expect(stderr).toContain("ValueError: of a batch\n");
        expect(stderr).not.toContain("\tat ");
      },
    );
  });
}
