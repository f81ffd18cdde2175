import { spawn } from "node:child_process";

import { clientCommand } from "../../engine/cli";
import { run } from "../integration/helpers/run";
import { TestStack } from "../integration/helpers/testStack";
import { tell, until } from "../integration/helpers/until";
import { nameOf } from "./helpers/faults";
import { openSession } from "./helpers/kernel";

/** How each container ends when it is asked to: Java by 128 + SIGTERM, JupyterLab by itself. None by SIGKILL, which would be 137. */
const ownExitCodes = { master: 143, "worker-1": 143, "history-server": 143, jupyterlab: 0 };

/** Seconds that a master may take until it gives out executors, whatever an earlier one has left. */
const masterPatience = 15;

/** A job in which Java, Python and Arrow have to go together. */
const twice = `
from pyspark.sql import SparkSession
from pyspark.sql.functions import pandas_udf
spark = SparkSession.builder.getOrCreate()
twice = pandas_udf(lambda numbers: numbers * 2, "long")
print(spark.version, spark.range(10).select(twice("id").alias("twice")).toPandas()["twice"].sum())
`;

describe("a cluster that is stopped, changed and taken away while a notebook is open", () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await TestStack.make({ config: { workers: "1" } });
    await stack.bareUp();
  });

  afterAll(() => TestStack.destroyAll());

  /** Exit codes of the containers that end while something is done, by the end of their names. */
  async function exitCodesOf(doing: () => Promise<unknown>): Promise<Record<string, number>> {
    // Followed, not asked for afterwards: an engine remembers its last 256 events, and every health check is three.
    const filters = ["event=die", `label=spark-cluster.stack=${stack.name}`].flatMap((filter) => ["--filter", filter]);
    const [program, ...args] = clientCommand(stack.engine, "events", ...filters, "--format", "{{json .}}");
    const events = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
    let died = "";
    events.stdout.on("data", (chunk: Buffer) => (died += chunk.toString()));
    const codes = () =>
      died
        .split("\n")
        .slice(0, -1)
        .flatMap((line): [string, number][] => {
          const { Attributes } = (JSON.parse(line) as { Actor: { Attributes: Record<string, string> } }).Actor;
          const role = Attributes["spark-cluster.role"];
          return role === undefined ? [] : [[Attributes.name!.replace(nameOf(stack, ""), ""), Number(Attributes.exitCode)]];
        });
    try {
      await doing();
      await until("all ends are known", 60, () => codes().length >= Object.keys(ownExitCodes).length);
    } finally {
      events.kill();
      tell(`exit codes: ${JSON.stringify(Object.fromEntries(codes()))}`);
    }
    return Object.fromEntries(codes());
  }

  /** Writes down what every file of the notebooks' volumes holds. */
  async function note(): Promise<void> {
    const files = await inside(
      "cd / && find opt/workspace home/spark/mine -type f -exec sha256sum {} + > /home/spark/noted; wc -l < /home/spark/noted",
    );
    tell(`${files.trim()} files noted`);
    expect(Number(files)).toBeGreaterThan(10);
  }

  /** Those of the noted files that are no more what they were. */
  function changedSince(): Promise<string> {
    return inside("cd / && sha256sum --check --quiet /home/spark/noted 2>&1 || true");
  }

  function inside(script: string): Promise<string> {
    return stack.askInside(nameOf(stack, "jupyterlab"), "sh", "-c", script);
  }

  async function expectComplete(application: string): Promise<void> {
    const files = await inside(`ls /opt/workspace/.spark-cluster/event-log/eventlog_v2_${application}`);
    expect(files.split("\n")).toContain(`appstatus_${application}`); // in place of appstatus_... .inprogress
    const { historyServer } = await stack.outputs();
    // It answers before it has read what there is.
    const { attempts } = await until(`${application} is listed`, 300, async () => {
      const answer = await fetch(`${historyServer}/api/v1/applications/${application}`).catch(() => undefined);
      return answer?.ok === true && ((await answer.json()) as { attempts: { completed: boolean }[] });
    });
    expect(attempts.map(({ completed }) => completed)).toEqual([true]);
  }

  /** Seconds from when the master was up until it was of use. How long its Java takes to start is the machine's load. */
  async function masterStart(): Promise<number> {
    const [program, ...args] = clientCommand(stack.engine, "logs", "--timestamps", nameOf(stack, "master"));
    const lines = (await run(program, args)).output.split("\n");
    const timeOf = (words: RegExp) =>
      Date.parse(
        lines
          .filter((line) => words.test(line))
          .at(-1)
          ?.split(" ")[0] ?? "",
      );
    const seconds = (timeOf(/New state: ALIVE|Recovery complete/) - timeOf(/I have been elected leader/)) / 1000;
    const recovering = lines.some((line) => line.includes("New state: RECOVERING"));
    tell(`the master was ${recovering ? "recovering, and " : ""}ALIVE after ${seconds.toFixed(1)} s`);
    return seconds;
  }

  test("every container has an init process, and no zombie after a session", async () => {
    await openSession(stack);
    for (const part of Object.keys(ownExitCodes)) {
      // What has just ended is one until it is noticed.
      await until(`${part} has an init process, and no zombie`, 60, async () => {
        const script = "cat /proc/1/comm; grep -l '^State:.Z' /proc/[0-9]*/status || true";
        return /^(docker-init|catatonit)$/.test((await stack.askInside(nameOf(stack, part), "sh", "-c", script)).trim());
      });
    }
  });

  test("SIGTERM to all: each ends with its own exit code, and the open application's event log is complete", async () => {
    const application = await openSession(stack);
    await stack.python(
      "import pathlib\npathlib.Path('/home/spark/mine').mkdir()\npathlib.Path('/home/spark/mine/file').write_text('mine')",
    );
    const names = Object.keys(ownExitCodes).map((part) => nameOf(stack, part));
    expect(await exitCodesOf(() => stack.ask("stop", ...names))).toEqual(ownExitCodes);
    await stack.up(); // starts what was stopped
    await expectComplete(application);
    await note();
  });

  test("down and up: the same, and every file is there, byte for byte", async () => {
    const application = await openSession(stack);
    expect(await exitCodesOf(() => stack.must("down"))).toEqual(ownExitCodes);
    await stack.bareUp();
    expect(await changedSince()).toBe("");
    await expectComplete(application);
    await note();
  });

  test.each(["3.5.9", "4.1.4"])(
    "all images made anew, for Spark %s, which runs: the same, with a master that is of use in time",
    async (version) => {
      const application = await openSession(stack);
      await stack.set("sparkVersion", version);
      expect(await exitCodesOf(() => stack.bareUp())).toEqual(ownExitCodes);
      expect(await masterStart()).toBeLessThan(masterPatience);
      expect(await changedSince()).toBe("");
      await expectComplete(application);
      await note();
      expect(await stack.python(twice)).toContain(`${version} 90`);
    },
  );
});
