import { Cell, inNotebook } from "../ide/helpers/notebook";
import { ok } from "../integration/helpers/run";
import { TestStack } from "../integration/helpers/testStack";
import { tell } from "../integration/helpers/until";
import { nameOf, untilRegistered } from "./helpers/faults";

/** MiB of the disk for shuffle files. */
const diskSize = 150;
/** KiB that may be left of what filled it. */
const leftAtMost = diskSize * 1024 * 0.1;

/** One notebook that goes over each of its limits. A task is tried once, to be done sooner. */
const overTheLimits = `
book, cells = Notebook(), {}
def run(name, cell):
    cells[name] = book.run(cell)
run("session", SESSION.replace(".getOrCreate", ".config('spark.task.maxFailures', 1).getOrCreate") + "spark.range(1).count()")
run("driver", "rows = spark.range(0, 4000000, numPartitions=8).selectExpr(\\"repeat('x', 300) as s\\", 'id').collect()")
run("again", "spark.stop()" + SESSION.replace(".getOrCreate", ".config('spark.task.maxFailures', 1).getOrCreate"))
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
text = "length(concat_ws(',', transform(sequence(1, 9000000), x -> repeat('y', 60))))"
spark.range(1, numPartitions=1).selectExpr(text).show()
""")
run("another executor", "spark.range(1).count()")
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

describe("a notebook that goes over its limits", () => {
  let stack: TestStack;
  let disk: string;
  let cells: Readonly<Record<string, Cell>>;
  let before: string;
  /** KiB of each executor's errors that the worker still has. */
  let logs: readonly number[];

  /** When each container started, and how often it was started again. */
  const starts = () =>
    stack.ask(
      "inspect",
      ...["--format", "{{.Name}} {{.State.StartedAt}} {{.RestartCount}}"],
      ...["master", "worker-1", "jupyterlab", "history-server"].map((part) => nameOf(stack, part)),
    );

  beforeAll(async () => {
    stack = await TestStack.make({ config: { workers: "1", logSize: "1m", logFiles: "2" } });
    await stack.bareUp();
    const worker = nameOf(stack, "worker-1");
    disk = (await stack.ask("volume", "inspect", "--format", "{{.Mountpoint}}", nameOf(stack, "worker-1-local"))).trim();
    await stack.ask("stop", worker);
    await ok("mount", ["-t", "tmpfs", "-o", `size=${diskSize}m,uid=1000,gid=1000`, "tmpfs", disk]);
    tell(`worker-1 has a disk of ${diskSize} MiB for its shuffle files`);
    await stack.ask("start", worker);
    await untilRegistered(stack, ["spark-worker-1"], 300);
    before = await starts();
    cells = await inNotebook<typeof cells>(stack, overTheLimits);
    const sizes = await stack.askInside(
      worker,
      "sh",
      "-c",
      "cd /var/lib/spark/work && for each in */*; do du -ck $each/stderr* | tail -n 1; done",
    );
    logs = sizes
      .trim()
      .split("\n")
      .map((line) => Number(line.split("\t")[0]));
  });

  afterAll(async () => {
    await stack.ask("stop", nameOf(stack, "worker-1"));
    await ok("umount", [disk]);
    await TestStack.destroyAll();
  });

  test.each([
    ["python", "pulumi config set pythonMemory 1g"],
    ["executor", "pulumi config set executorMemory 1g"],
    ["driver", "pulumi config set driverMemory 2g"],
    ["disk", "The disk that shuffles and spills go to is full"],
  ])("a cell that takes more than its %s has says so, with what to do", (name, words) => {
    const { error, stderr } = cells[name]!;
    tell(`${name}: ${error.slice(0, 100)}`);
    expect(error).not.toBe("");
    expect(stderr.match(/\[spark-cluster\]/g)).toHaveLength(1);
    expect(stderr).toContain(words);
  });

  test("what filled the disk is taken away, while the session goes on", () => {
    const { stdout, error } = cells.after!;
    expect({ stdout, error }).toEqual({ stdout: expect.stringMatching(/^\d+ 1000\n$/) as string, error: "" });
    const left = parseInt(stdout);
    tell(`${left} KiB of ${diskSize * 1024} are left on the disk`);
    expect(left).toBeLessThan(leftAtMost);
  });

  test("of 8 MB that an executor wrote, its worker keeps two files of 1 MiB and the last", () => {
    tell(`KiB of each executor's errors: ${logs.join(", ")}`);
    expect(Math.max(...logs)).toBeGreaterThan(1024);
    expect(Math.max(...logs)).toBeLessThan(3.5 * 1024);
  });

  test("the rest of the cluster is untouched", async () => {
    expect(await starts()).toBe(before);
    await untilRegistered(stack, ["spark-worker-1"], 120);
  });
});
