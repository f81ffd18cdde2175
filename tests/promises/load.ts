import { TestStack } from "../../testbed/testStack";
import { tell, until } from "../../testbed/until";
import { session } from "../helpers/faults";
import { Life } from "../helpers/life";

const sessions = [1, 2, 3, 4];
const jobsOfEach = 50;
/** How much more of anything there may be after all jobs than after half of them. */
const allowed = 1.05;

/** After a collection a heap shrinks to what is in use, so that the memory of a process is what it holds. The rest saves time. */
const tightHeap = "-XX:MinHeapFreeRatio=5 -XX:MaxHeapFreeRatio=10 -XX:+UseSerialGC -XX:TieredStopAtLevel=1";

const settings = {
  "spark.cores.max": "1",
  "spark.driver.memory": "512m",
  "spark.driver.extraJavaOptions": tightHeap,
  "spark.executor.extraJavaOptions": tightHeap,
};
const configured = Object.entries(settings).map(([name, value]) => `.config("${name}", "${value}")`);

/** A driver with one core, so that four have theirs at the same time. It does its jobs in two halves, and waits after each for a file. */
const driver = (number: number) => `
import gc, pathlib, time
${session.replace(".getOrCreate", `${configured.join("")}.getOrCreate`)}
here = pathlib.Path("/opt/workspace/load")
here.mkdir(exist_ok=True)
def job(index):
    rows = spark.range(0, 1000, 1, 2).selectExpr("id % 10 AS key", "id").groupBy("key").sum("id").collect()
    return sum(row[1] for row in rows) == 499500
def collect_garbage():
    gc.collect()
    spark._jvm.System.gc()
    # Executors have no other door for it. Their count of tasks is their count of cores.
    spark.sql("SELECT reflect('java.lang.System', 'gc')").collect()
    runtime = spark._jvm.Runtime.getRuntime()
    return runtime.totalMemory() - runtime.freeMemory()
right = 0
for half in (1, 2):
    right += sum(job(index) for index in range(${jobsOfEach / 2}))
    collect_garbage()
    time.sleep(2)
    print("heap", half, collect_garbage())
    (here / f"${number}.{half}").touch()
    while not (here / f"go.{half}").exists():
        time.sleep(0.2)
print("right", right)
`;

/** Of all processes of a container: resident memory in KiB and open files; and what its own disks hold, in KiB, without event logs. */
const measure = `
memory=0 files=0
for process in /proc/[0-9]*; do
    memory=$((memory + $(sed -n 's/^VmRSS:[[:space:]]*\\([0-9]*\\) kB/\\1/p' $process/status 2> /dev/null || echo 0) + 0))
    files=$((files + $(ls $process/fd 2> /dev/null | wc -l)))
done
echo $memory $files $(du -skc /tmp /var/lib/spark /home/spark 2> /dev/null | tail -n 1 | cut -f 1)
`;

const measured = ["memory", "files", "disk", "containers"] as const;
type Used = Readonly<Record<(typeof measured)[number], number>>;

/** What the containers of a cluster of two workers use together. */
async function use(stack: TestStack): Promise<Used> {
  const parts = ["master", "worker-1", "worker-2", "jupyterlab", "history-server"];
  const each = await Promise.all(parts.map((part) => stack.askInside(stack.nameOf(part), "sh", "-c", measure)));
  const sum = (column: number) => each.reduce((total, line) => total + Number(line.trim().split(" ")[column]), 0);
  return { memory: sum(0), files: sum(1), disk: sum(2), containers: await stack.containerCount() };
}

/** Four sessions with 200 short jobs, on a cluster of two workers whose `driverMemory` is 512m. */
export function load(life: Life): void {
  const whole = "every one of 200 short jobs of four sessions at once has the right answer";
  let outputs: readonly string[];
  const used: Used[] = [];

  life.step(whole, async (stack) => {
    const drivers = sessions.map((number) => stack.python(driver(number), 1500));
    const ide = stack.nameOf("jupyterlab");
    for (const half of [1, 2]) {
      const there = () => stack.askInside(ide, "sh", "-c", `ls /opt/workspace/load/*.${half} | wc -l`);
      await until(`${half * 100} jobs`, 700, async () => Number(await there().catch(() => "0")) === sessions.length);
      used.push(await use(stack));
      tell(JSON.stringify(used.at(-1)));
      await stack.askInside(ide, "touch", `/opt/workspace/load/go.${half}`);
    }
    outputs = await Promise.all(drivers);
    expect(outputs.map((output) => /^right (\d+)$/m.exec(output)?.[1])).toEqual(sessions.map(() => String(jobsOfEach)));
  });

  life.step("the drivers hold no more after all jobs than after half of them", whole, async () => {
    const heaps = [1, 2].map((half) =>
      outputs.reduce((sum, output) => sum + Number(new RegExp(`^heap ${half} (\\d+)$`, "m").exec(output)?.[1]), 0),
    );
    tell(`heap of the drivers after a collection, MiB: ${heaps.map((heap) => (heap / 1024 / 1024).toFixed(1)).join(", ")}`);
    expect(heaps[1]! / heaps[0]!).toBeLessThan(allowed);
  });

  for (const what of measured) {
    life.step(`${what}, after load: no more after all jobs than after half of them`, whole, async () => {
      expect(used[1]![what] / used[0]![what]).toBeLessThan(allowed);
    });
  }
}
