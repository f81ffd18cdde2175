import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { endGroup } from "../../testbed/run";
import { TestStack } from "../../testbed/testStack";
import { until } from "../../testbed/until";
import { Cluster } from "../helpers/cluster";
import { stateOf } from "../helpers/faults";

/** A job that ends with the code that it is given, or runs until it is ended. */
const job = `
import sys, time
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
print("arguments", sys.argv[1:], "sum", spark.range(1000, numPartitions=4).selectExpr("sum(id)").first()[0])
print("id", spark.sparkContext.applicationId, flush=True)
if sys.argv[1] == "endless":
    spark.range(2, numPartitions=2).foreach(lambda _: time.sleep(600))
sys.exit(int(sys.argv[1]))
`;

/** Begins a job with a module that lies beside it, on the driver and in a function on the workers. */
const withModule = `
import beside_job
from pyspark.sql import SparkSession, functions
session = SparkSession.builder.getOrCreate()
print("beside", session.range(3).agg(functions.sum(functions.udf(beside_job.double, "long")("id"))).first()[0])
`;

function idIn(output: string): string {
  const id = /^id (app-\S+)$/m.exec(output)?.[1];
  if (id === undefined) {
    throw new Error(`the job has not begun:\n${output.slice(-6000)}`);
  }
  return id;
}

/** As shell, make and HTML would not like it. */
const strangeName = `it's "a" $(touch canary) \`touch canary\`; touch canary <b onclick=alert(1)> ü 100%`;
const strangeWords = ["two words", "$(touch canary)", "`touch canary`", "; touch canary", "--help", "ü"];

/** A shell's command next to the notebooks. */
const inLab = async (stack: TestStack, command: string) =>
  (await stack.askInside(stack.nameOf("jupyterlab"), "sh", "-c", command)).trim();

const submit = (stack: TestStack, file: string, ...args: string[]) =>
  stack.tool("submit", ["--", file, ...args], { timeout: 400 });

/** Submits the job from this machine's file system by `make submit`, and presses Ctrl-C when the job is about to begin its endless stage. */
async function submitAndKill(stack: TestStack): Promise<{ output: string; id: string }> {
  const file = join(stack.stateFolder, `${strangeName}.py`);
  writeFileSync(file, job);
  let make: number | undefined;
  const { output } = await stack.make("submit", {
    env: { APP: file, ARGS: ["endless", ...strangeWords.map((word) => `'${word}'`)].join(" ") },
    timeout: 400,
    onStart: (pid) => (make = pid),
    onOutput: (soFar) => {
      if (/^id .*\n/m.test(soFar)) {
        endGroup(make, "SIGINT");
      }
    },
  });
  return { output, id: idIn(output) };
}

interface Application {
  readonly id: string;
  readonly name: string;
  readonly attempts: readonly { readonly completed: boolean }[];
}

async function history<T>(stack: TestStack, path: string): Promise<T> {
  const { historyServer } = await stack.outputs();
  return (await (await fetch(new URL(`/api/v1/applications${path}`, historyServer))).json()) as T;
}

const temporary = "/opt/workspace/.spark-cluster/temporary/jupyterlab";
const eventLogs = "/opt/workspace/.spark-cluster/event-log";

/** Makes the last two event logs of ended applications older than any is kept, and restarts the history server, which has read their times. */
async function expireTwo(stack: TestStack): Promise<{ ended: string[]; kinds: string[] }> {
  const found = await stack.python(`
import json, os, pathlib, time
ended = sorted(log for log in pathlib.Path("${eventLogs}").iterdir() if not list(log.glob("appstatus_*.inprogress")))
kinds = sorted({file.suffix for log in ended for file in log.glob("events_1_*")})
print(json.dumps({"ended": [log.name for log in ended], "kinds": kinds}))
for log in ended[-2:]:
    for each in [log, *log.iterdir()]:
        os.utime(each, (time.time() - 31 * 86400,) * 2)
`);
  await stack.ask("restart", stack.nameOf("history-server"));
  return JSON.parse(found) as { ended: string[]; kinds: string[] }; // the oldest first
}

const projectFiles = {
  "birds/__init__.py": "",
  "birds/names.py": "def name(number): return f'bird {number}'",
  "jobs/main.py": `
import sys
import outside
from birds import names
from pyspark.sql import SparkSession, functions as F
spark = SparkSession.builder.getOrCreate()
name = F.udf(lambda number: outside.shout(names.name(number)))
rows = [row[0] for row in spark.range(2, numPartitions=2).select(name("id")).collect()]
print("project", sys.argv[1:], spark.conf.get("spark.project.word"), rows)
`,
};

/** A pipeline that says where it runs, and its table. */
const pipeline = `
set -e
cd /opt/workspace
spark-pipelines init --name places
cat > places/transformations/place.py << 'END'
from pyspark import pipelines
from pyspark.sql import SparkSession, functions
@pipelines.materialized_view
def place():
    host = functions.udf(lambda _: __import__("socket").gethostname())
    return SparkSession.active().range(1).select(host("id"))
END
cd places
spark-pipelines run 2>&1
spark-sql -S -e "SELECT 'at', * FROM place"
`;

const cell = (source: string, tags: readonly string[] = []) => ({
  cell_type: "code",
  source,
  metadata: { tags },
  outputs: [],
  execution_count: null,
  id: String(source.length),
});
const bookOf = (...cells: readonly object[]) =>
  JSON.stringify({ cells, metadata: { kernelspec: { name: "python3", display_name: "" } }, nbformat: 4, nbformat_minor: 5 });
const notebook = bookOf(cell("import os; print(6 * 7)"));
const report = bookOf(
  cell("rows = 1", ["parameters"]),
  cell("from pyspark.sql import SparkSession\nprint('rows', SparkSession.builder.getOrCreate().range(rows).count())"),
);

/** What `make submit`, `make shell` and `make logs` do, and what the history server shows. */
export function applications(cluster: Cluster): void {
  /** A job of the shared volume that ended with 7. */
  const ended = cluster.shared("make submit", async (stack) => {
    await stack.python(`
import pathlib
folder = pathlib.Path("/opt/workspace/jobs")
folder.mkdir()
(folder / "beside_job.py").write_text("def double(x): return 2 * x")
(folder / "job.py").write_text(${JSON.stringify(withModule + job)})
`);
    return submit(stack, "/opt/workspace/jobs/job.py", "7");
  });
  const killed = cluster.shared("make submit", submitAndKill);
  const expired = cluster.shared("a look at the event logs", expireTwo);

  describe("applications", () => {
    cluster.test("the exit code is the script's, and a script of the shared volume runs where it lies", async () => {
      const { code, output } = await ended();
      expect(output).toContain("beside 6\n");
      expect({ code, output }).toEqual({ code: 7, output: expect.stringContaining("sum 499500") as string });
    });

    cluster.test("a job ends with its submitter, and its copy goes", async (stack) => {
      const { id } = await killed();
      await until("it has ended", 30, () => stateOf(stack)?.activeapps.every((each) => each.id !== id));
      await until("its copy is gone", 120, async () => (await inLab(stack, `ls -d ${temporary}/submit-* || true`)) === "");
    });

    cluster.test("make submit runs a script of any name with any arguments, and nothing but it", async (stack) => {
      const { output } = await killed();
      const words = strangeWords.map((word) => `'${word}'`).join(", ");
      expect(output).toContain(`arguments ['endless', ${words}] sum 499500`);
      expect(await inLab(stack, "find /tmp /opt/workspace /home/spark -name canary 2> /dev/null || true")).toBe("");
      expect(existsSync(join(stack.folder, "canary"))).toBe(false);
    });

    cluster.test("the history server shows an ended application and its stages", async (stack) => {
      const id = idIn((await ended()).output);
      const listed = await until("the application is in the list", 300, async () => {
        const found = (await history<Application[]>(stack, "")).find((each) => each.id === id);
        return found?.attempts.every(({ completed }) => completed) && found;
      });
      expect(listed.name).toBe("job.py");
      const stages = await history<{ status: string; numCompleteTasks: number }[]>(stack, `/${listed.id}/stages`);
      expect(stages.map(({ status }) => status)).toContain("COMPLETE");
      expect(Math.max(...stages.map(({ numCompleteTasks }) => numCompleteTasks))).toBe(4);
    });

    cluster.test("event logs are compressed and rolled on the shared volume", async () => {
      await Promise.all([ended(), killed()]);
      const { ended: logs, kinds } = await expired();
      expect(kinds).toEqual([".zstd"]);
      expect(logs.length).toBeGreaterThan(2);
    });

    cluster.test(
      "a folder runs with its packages and with files and settings of the options, on the workers too",
      async (stack) => {
        const project = join(stack.stateFolder, "project");
        for (const [file, text] of Object.entries(projectFiles)) {
          mkdirSync(dirname(join(project, file)), { recursive: true });
          writeFileSync(join(project, file), text);
        }
        const outside = join(stack.stateFolder, "outside.py");
        writeFileSync(outside, "def shout(text): return text.upper()");
        const env = {
          APP: project,
          MAIN: "jobs/main.py",
          ARGS: "'a word'",
          OPTIONS: `--py-files ${outside} --conf spark.project.word=set`,
        };
        expect(await stack.must("submit", { env, timeout: 400 })).toContain("project ['a word'] set ['BIRD 0', 'BIRD 1']");
      },
    );

    cluster.test("a notebook runs with parameters, and its output is kept in the workspace", async (stack) => {
      const file = join(stack.stateFolder, "report.ipynb");
      writeFileSync(file, report);
      const { code, output } = await submit(stack, file, "rows=17");
      expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/^rows 17$/m) as string });
      const [, kept] =
        /^The notebook with its output: (submitted\/report-[\da-f-]+\.ipynb) in the workspace$/m.exec(output) ?? [];
      expect(await inLab(stack, `grep -c 'rows 17' /opt/workspace/${kept!}`)).toBe("1");
    });

    cluster.test("spark-pipelines runs a pipeline on the workers, and its tables are in the shared catalog", async (stack) => {
      const output = await inLab(stack, pipeline);
      expect(output).toContain("Run is COMPLETED.");
      expect(output).toMatch(/^at\s+spark-worker-\d$/m);
    });

    cluster.test("a script that is not there is reported before the engine is asked", async (stack) => {
      const { code, output } = await submit(stack, "/nowhere/nothing.py");
      expect({ code, output }).toEqual({
        code: 1,
        output: expect.stringContaining("There is no file /nowhere/nothing.py on this machine.") as string,
      });
    });

    cluster.test("make shell has a session at hand", async (stack) => {
      const home = "spark.sparkContext.range(1).map(lambda _: __import__('os').path.expanduser('~')).first()";
      const { output } = await stack.make("shell", { input: `print("rows:", spark.range(17).count(), "home:", ${home})\n` });
      expect(output).toContain("rows: 17 home: /var/lib/spark/home");
    });

    cluster.test("make logs shows what the containers of a role wrote, or of all", async (stack) => {
      await ended();
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

    cluster.test("a notebook may have any name, and runs", async (stack) => {
      const output = await stack.python(`
import json, pathlib, subprocess
path = pathlib.Path("/opt/workspace", ${JSON.stringify(`${strangeName}.ipynb`)})
path.write_text(${JSON.stringify(notebook)})
subprocess.run(["/opt/jupyterlab/bin/jupyter", "execute", "--inplace", path], check=True, capture_output=True)
print(json.loads(path.read_text())["cells"][0]["outputs"][0]["text"], pathlib.Path("/opt/workspace/canary").exists())
`);
      expect(output.trim()).toBe("['42\\n'] False");
    });

    cluster.test("event logs go when their time is over, and no others", async (stack) => {
      const { ended: logs } = await expired();
      const left = await until("the logs are gone", 600, async () => {
        const names = (await inLab(stack, `ls ${eventLogs}`)).split("\n");
        return !logs.slice(-2).some((log) => names.includes(log)) && names;
      });
      expect(left).toEqual(expect.arrayContaining(logs.slice(0, -2)));
    });
  });
}
