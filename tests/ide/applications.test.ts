import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { stateOf } from "../faults/helpers/faults";
import { endGroup, run } from "../integration/helpers/run";
import { TestStack } from "../integration/helpers/testStack";
import { until } from "../integration/helpers/until";

const job = `
import sys
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
print("arguments", sys.argv[1:], "sum", spark.range(1000, numPartitions=4).selectExpr("sum(id)").first()[0])
print("id", spark.sparkContext.applicationId)
sys.exit(int(sys.argv[1]))
`;

const endless = `
import time
from pyspark.sql import SparkSession
SparkSession.builder.getOrCreate().range(2, numPartitions=2).foreach(lambda _: time.sleep(600))
`;

interface Application {
  readonly id: string;
  readonly name: string;
  readonly attempts: readonly { readonly completed: boolean }[];
}

describe("applications", () => {
  let stack: TestStack;
  let folder: string;
  let addresses: Awaited<ReturnType<TestStack["outputs"]>>;

  const submit = (file: string, ...args: string[]) =>
    run("tools/submit.sh", [stack.name, file, ...args], { cwd: stack.folder, env: stack.env, timeout: 400 });

  const history = async <T>(path: string): Promise<T> =>
    (await (await fetch(new URL(`/api/v1/applications${path}`, addresses.historyServer))).json()) as T;

  /** How many are running; undefined while the master does not say. */
  const running = () => stateOf(stack)?.activeapps.length;

  const eventLogs = async (): Promise<number> =>
    Number(await stack.python("import os; print(len(os.listdir('/opt/workspace/.spark-cluster/event-log')))"));

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "spark-cluster-jobs-"));
    writeFileSync(join(folder, "job.py"), job);
    writeFileSync(join(folder, "endless.py"), endless);
    stack = await TestStack.make({ config: { workers: "1" } });
    await stack.bareUp();
    addresses = await stack.outputs();
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await TestStack.destroyAll();
  });

  test("make submit runs a script with its arguments, and passes its output through", async () => {
    const { output } = await stack.make("submit", { env: { APP: join(folder, "job.py"), ARGS: "0 'two words'" } });
    expect(output).toContain("arguments ['0', 'two words'] sum 499500");
  });

  test("a script and its arguments may be called whatever there is, and nothing of it is run but the script", async () => {
    const name = `it's "a" $(touch canary) \`touch canary\`; touch canary ü 100%.py`;
    writeFileSync(join(folder, name), job);
    const words = ["$(touch canary)", "`touch canary`", "; touch canary", "--help", "ü"];
    const { output } = await stack.make("submit", {
      env: { APP: join(folder, name), ARGS: `0 ${words.map((word) => `'${word}'`).join(" ")}` },
    });
    expect(output).toContain(`arguments ['0', ${words.map((word) => `'${word}'`).join(", ")}] sum 499500`);
    const canaries = "find /tmp /opt/workspace /home/spark -name canary 2> /dev/null || true";
    expect(await stack.askInside(`spark-cluster-${stack.name}-jupyterlab`, "sh", "-c", canaries)).toBe("");
    expect(existsSync(join(stack.folder, "canary"))).toBe(false);
  });

  test("a notebook may be called whatever there is, and runs", async () => {
    const name = `it's "a" <b onclick=alert(1)>$(touch canary)<b> ünd 100%.ipynb`;
    const cells = [
      { cell_type: "code", source: "import os; print(6 * 7)", metadata: {}, outputs: [], execution_count: null, id: "a" },
    ];
    const notebook = JSON.stringify({
      cells,
      metadata: { kernelspec: { name: "python3", display_name: "" } },
      nbformat: 4,
      nbformat_minor: 5,
    });
    const output = await stack.python(`
import json, pathlib, subprocess
path = pathlib.Path("/opt/workspace", ${JSON.stringify(name)})
path.write_text(${JSON.stringify(notebook)})
subprocess.run(["/opt/jupyterlab/bin/jupyter", "execute", "--inplace", path], check=True, capture_output=True)
print(json.loads(path.read_text())["cells"][0]["outputs"][0]["text"], pathlib.Path("/opt/workspace/canary").exists())
`);
    expect(output.trim()).toBe("['42\\n'] False");
  });

  test("the exit code is the script's, and a script of the shared volume runs where it lies", async () => {
    await stack.python(`open("/opt/workspace/job.py", "w").write(${JSON.stringify(job)})`);
    const { code, output } = await submit("/opt/workspace/job.py", "7");
    expect({ code, output }).toEqual({ code: 7, output: expect.stringContaining("sum 499500") as string });
    const left = await stack.askInside(`spark-cluster-${stack.name}-jupyterlab`, "sh", "-c", "ls -d /tmp/submit-* || true");
    expect(left.trim()).toBe("");
  });

  test("a script that is not there is said before anything is asked", async () => {
    const { code, output } = await submit(join(folder, "nothing.py"));
    expect({ code, output }).toEqual({ code: 1, output: `There is no file ${join(folder, "nothing.py")}.\n` });
  });

  test("a job ends with whoever submitted it", async () => {
    let group: number | undefined;
    const ended = run("tools/submit.sh", [stack.name, join(folder, "endless.py")], {
      cwd: stack.folder,
      env: stack.env,
      timeout: 400,
      onStart: (pid) => (group = pid),
    });
    await until("the job is on the master", 300, () => running() === 1);
    endGroup(group);
    await ended;
    await until("it has ended", 120, () => running() === 0);
  });

  test("make shell has a session at hand", async () => {
    const { output } = await stack.make("shell", { input: 'print("rows:", spark.range(17).count())\n' });
    expect(output).toContain("rows: 17");
  });

  test("make logs shows what the containers of a role wrote, or of all", async () => {
    const ofMaster = await stack.must("logs", { env: { ROLE: "master" } });
    expect(ofMaster).toContain("Registered app job.py");
    const ofAll = await stack.must("logs");
    expect(ofAll).toMatch(/^master \| .*Registered app job\.py/m);
    expect(ofAll).toMatch(/^worker-1 \| .*Successfully registered with master/m);
    const { code, output } = await stack.make("logs", { env: { ROLE: "workers" } });
    expect({ failed: code !== 0, output }).toMatchObject({
      failed: true,
      output: expect.stringContaining("no container of the role workers") as string,
    });
  });

  test("the history server shows an application that has ended, with its stages and its executors' logs", async () => {
    const { output } = await submit(join(folder, "job.py"), "0");
    const id = /^id (app-\S+)$/m.exec(output)?.[1];
    const listed = await until("the application is in the list", 300, async () =>
      (await history<Application[]>("")).find((each) => each.id === id && each.attempts.every(({ completed }) => completed)),
    );
    expect(listed.name).toBe("job.py");
    const stages = await history<{ status: string; numCompleteTasks: number }[]>(`/${listed.id}/stages`);
    expect(stages.map(({ status }) => status)).toContain("COMPLETE");
    expect(Math.max(...stages.map(({ numCompleteTasks }) => numCompleteTasks))).toBe(4);
    const page = await (await fetch(new URL(`/history/${listed.id}/jobs/`, addresses.historyServer))).text();
    expect(page).toContain("Completed Jobs");

    const executors = await history<{ id: string; executorLogs: Record<string, string> }[]>(`/${listed.id}/allexecutors`);
    const logs = executors.filter((each) => each.id !== "driver").map(({ executorLogs }) => executorLogs.stderr!);
    expect(logs.length).toBeGreaterThan(0);
    for (const log of logs) {
      expect(log.startsWith(addresses.sparkUi)).toBe(true);
      expect(await (await fetch(log)).text()).toContain("Successfully registered with driver"); // what it says last is cut off where it is ended
    }
  });

  test("event logs are compressed and rolled on the shared volume, and go when their time is over", async () => {
    const before = await eventLogs();
    const found = JSON.parse(
      await stack.python(`
import json, os, pathlib, time
logs = pathlib.Path("/opt/workspace/.spark-cluster/event-log")
ended = sorted(log for log in logs.iterdir() if not list(log.glob("appstatus_*.inprogress")))
print(json.dumps({"ended": len(ended), "kinds": sorted({file.suffix for log in ended for file in log.glob("events_1_*")})}))
for log in ended[1:]:
    for each in [log, *log.iterdir()]:
        os.utime(each, (time.time() - 31 * 86400,) * 2)
`),
    ) as { ended: number; kinds: string[] };
    expect(found.kinds).toEqual([".zstd"]);
    expect(found.ended).toBeGreaterThan(2);
    await stack.ask("restart", `spark-cluster-${stack.name}-history-server`); // or it goes by the times that it has read
    await until("the logs are gone", 600, async () => (await eventLogs()) === before - (found.ended - 1));
  });

  test("without a history server there are neither its container nor event logs", async () => {
    const before = await eventLogs();
    await stack.set("historyServer", "false");
    await stack.bareUp();
    expect(Object.keys(await stack.ids()).sort()).toEqual(["jupyterlab", "master", "worker-1"]);
    expect((await stack.outputs()).historyServer).toBeUndefined();
    await stack.python("from pyspark.sql import SparkSession\nSparkSession.builder.getOrCreate().range(1).count()");
    expect(await eventLogs()).toBe(before);
    expect(await stack.pendingChanges()).toBe("");
  });
});
