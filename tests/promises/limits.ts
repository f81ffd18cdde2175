import { ok } from "../../testbed/run";
import { TestStack } from "../../testbed/testStack";
import { tell } from "../../testbed/until";
import { bothWorkers, untilRegistered } from "../helpers/faults";
import { Life } from "../helpers/life";
import { Cell, inNotebook } from "../helpers/notebook";

/** Settings of the cluster, for executors that soon rotate their logs. */
export const limitsConfig = { logSize: "1m", logFiles: "2" };

/** MiB of the disk for shuffle files. */
const diskSize = 150;
/** KiB that may be left of what filled it. */
const leftAtMost = diskSize * 1024 * 0.1;

/** How the notebook opens a session: a task is tried once, to be done sooner, and there is one executor. */
const impatient = ".config('spark.task.maxFailures', 1).config('spark.cores.max', 1).getOrCreate";

/** One notebook that goes over each of its limits. */
const overTheLimits = `
book, cells = Notebook(), {}
def run(name, cell):
    cells[name] = book.run(cell)
session = SESSION.replace(".getOrCreate", "${impatient}")
run("session", session + "spark.range(1).count()")
run("driver", "rows = spark.range(0, 4000000, numPartitions=8).selectExpr(\\"repeat('x', 300) as s\\", 'id').collect()")
run("again", "spark.stop()" + session)
run("noise", """
def noisy(_):
    import sys
    for _ in range(8000):
        print("x" * 999, file=sys.stderr)
spark.sparkContext.range(1, numSlices=1).foreach(noisy)
""")
run("python", """
from pyspark.sql.functions import udf
@udf("long")
def big(_):
    import numpy
    return int(numpy.ones(700 * 2**17).sum())
spark.range(1).select(big("id")).show()
""")
run("executor", """
import time
executors = lambda: set(spark.sparkContext._jsc.sc().getExecutorIds().mkString(",").split(","))
lost = executors()
text = "length(concat_ws(',', transform(sequence(1, 9000000), x -> repeat('y', 60))))"
spark.range(1, numPartitions=1).selectExpr(text).show()
""")
# One that runs out of heap takes tasks until it has ended, which takes a while on a busy machine.
run("another executor", """
deadline = time.time() + 120
while executors() & lost and time.time() < deadline:
    time.sleep(0.2)
spark.range(1).count()
""")
run("disk", """
random = "concat(uuid(), uuid(), uuid(), uuid(), uuid(), uuid(), uuid(), uuid(), uuid(), uuid())"
spark.range(0, 2000000, numPartitions=8).selectExpr("id", f"{random} AS text").repartition(8, "text").count()
""")
run("after", """
import gc, time
def used(_):
    import shutil
    yield shutil.disk_usage("/var/lib/spark/local").used >> 10
deadline = time.time() + 300
while time.time() < deadline:
    # What tasks that had ended wrote goes when their driver collects garbage, every half an hour at the latest.
    gc.collect()
    spark._jvm.System.gc()
    left = spark.sparkContext.range(1, numSlices=1).mapPartitions(used).first()
    if left < ${leftAtMost}:
        break
    time.sleep(1)
print(left, spark.range(1000).repartition(4).count())
""")
print(json.dumps(cells))
book.close()
`;

/** KiB of errors that a worker still has of each of its executors. */
const sizesOfErrors = "cd /var/lib/spark/work && for each in */*; do du -ck $each/stderr* | tail -n 1; done";

/** When each container started that has nothing to do with what goes over its limit, and how often it was started again. */
const starts = (stack: TestStack) =>
  stack.ask(
    "inspect",
    ...["--format", "{{.Name}} {{.State.StartedAt}} {{.RestartCount}}"],
    ...["master", "worker-1", "jupyterlab", "history-server"].map((part) => stack.nameOf(part)),
  );

/**
 * A cluster of two workers with {@link limitsConfig}, of which the first has a small disk, and the second is stopped, so that all work
 * lands on the first. It is the last life of its cluster: the disk stays.
 */
export function limits(life: Life): void {
  describe("limits", () => {
    const whole = "a notebook goes over each of its limits";
    let disk: string | undefined;
    let cells: Readonly<Record<string, Cell>>;
    let before: string;

    life.step(whole, async (stack) => {
      const [first, second] = [stack.nameOf("worker-1"), stack.nameOf("worker-2")];
      const ofDisk = '{{range .Mounts}}{{if eq .Destination "/var/lib/spark"}}{{.Source}}{{end}}{{end}}';
      const local = (await stack.ask("inspect", "--format", ofDisk, first)).trim();
      await stack.ask("stop", first, second);
      await ok("mount", ["-t", "tmpfs", "-o", `size=${diskSize}m,uid=1000,gid=1000`, "tmpfs", local]);
      disk = local;
      tell(`worker-1 has a disk of ${diskSize} MiB for its shuffle files`);
      await stack.ask("start", first);
      await untilRegistered(stack, ["spark-worker-1"], 300);
      before = await starts(stack);
      cells = await inNotebook<typeof cells>(stack, overTheLimits);
    });

    afterAll(() => (disk === undefined ? undefined : ok("umount", [disk])));

    for (const [name, words] of Object.entries({
      python: "pulumi config set pythonMemory 1g",
      executor: "pulumi config set executorMemory 1g",
      driver: "pulumi config set driverMemory 2g",
      disk: "The disk that shuffles and spills go to is full",
    })) {
      life.step(`a cell that takes more than its ${name} names the limit and the remedy`, whole, async () => {
        const { error, stderr } = cells[name]!;
        tell(`${name}: ${error.slice(0, 100)}`);
        expect(error).not.toBe("");
        expect(stderr.match(/\[spark-cluster\]/g)).toHaveLength(1);
        expect(stderr).toContain(words);
      });
    }

    life.step("the files that filled the disk are deleted while the session goes on", whole, async () => {
      const { stdout, error } = cells.after!;
      expect({ stdout, error }).toEqual({ stdout: expect.stringMatching(/^\d+ 1000\n$/) as string, error: "" });
      const left = parseInt(stdout);
      tell(`${left} KiB of ${diskSize * 1024} are left on the disk`);
      expect(left).toBeLessThan(leftAtMost);
    });

    life.step("of 8 MB that an executor wrote, its worker keeps two files of 1 MiB and the current one", whole, async (stack) => {
      const lines = await stack.askInside(stack.nameOf("worker-1"), "sh", "-c", sizesOfErrors);
      const logs = lines.trim().split("\n").map(parseFloat);
      tell(`KiB of each executor's errors: ${logs.join(", ")}`);
      expect(Math.max(...logs)).toBeGreaterThan(1024);
      expect(Math.max(...logs)).toBeLessThan(3.5 * 1024);
    });

    life.step("the rest of the cluster is untouched", whole, async (stack) => {
      expect(await starts(stack)).toBe(before);
      await untilRegistered(stack, ["spark-worker-1"], 120);
      await stack.ask("start", stack.nameOf("worker-2"));
      await untilRegistered(stack, bothWorkers, 300);
    });
  });
}
