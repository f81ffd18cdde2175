import { TestStack } from "../../testbed/testStack";
import { tell, until } from "../../testbed/until";
import { changedFiles, exitCodesOf, expectComplete, noteFiles, ownExitCodes } from "../helpers/ends";
import { openSession } from "../helpers/kernel";
import { Life } from "../helpers/life";

/** A version of Spark to go to. */
export const otherSpark = "3.5.9";
/** The default to come back to. */
const defaultSpark = "4.1.4";

/** Of a cluster with two workers. */
const exitCodes = { ...ownExitCodes, "worker-2": 143 };

/** Seconds that a master may take until it gives out executors, whatever an earlier master has left. */
const masterPatience = 15;

/** A job in which Java, Python and Arrow have to go together. */
const twice = (version: string) => `
from pyspark.sql.functions import pandas_udf
twice = pandas_udf(lambda numbers: numbers * 2, "long")
answer = f'{spark.version} {spark.range(10).select(twice("id").alias("twice")).toPandas()["twice"].sum()}'
assert answer == "${version} 90", answer
`;

/** Seconds from when the master was up until it gave out executors. How long its Java takes to start is the machine's load. */
async function masterStart(stack: TestStack): Promise<number> {
  const lines = (await stack.tryAsk(["logs", "--timestamps", stack.nameOf("master")])).output.split("\n");
  const last = (words: RegExp) => lines.filter((line) => words.test(line)).at(-1) ?? "";
  const timeOf = (words: RegExp) => Date.parse(last(words).split(" ")[0]!);
  const seconds = (timeOf(/New state: ALIVE|Recovery complete/) - timeOf(/I have been elected leader/)) / 1000;
  const recovering = lines.some((line) => line.includes("New state: RECOVERING"));
  tell(`the master was ${recovering ? "recovering, and " : ""}ALIVE after ${seconds.toFixed(1)} s`);
  return seconds;
}

/** A cluster of two workers is stopped and changed while a notebook is open. */
export function ends(life: Life): void {
  /** The session that an earlier step has left open. */
  let left: string | undefined;
  const openedSession = async (stack: TestStack) => {
    const application = left ?? (await openSession(stack));
    left = undefined;
    return application;
  };

  life.step("every container has an init process, and no zombie after a session", async (stack) => {
    const application = await openSession(stack);
    for (const part of Object.keys(exitCodes)) {
      // What has just ended is one until it is noticed.
      await until(`${part} has an init process, and no zombie`, 60, async () => {
        const script = "cat /proc/1/comm; grep -l '^State:.Z' /proc/[0-9]*/status || true";
        return /^(docker-init|catatonit)$/.test((await stack.askInside(stack.nameOf(part), "sh", "-c", script)).trim());
      });
    }
    left = application;
  });

  const stopped = "SIGTERM to all: each ends with its own exit code, and the open application's event log is complete";
  life.step(stopped, async (stack) => {
    const application = await openedSession(stack);
    const names = Object.keys(exitCodes).map((part) => stack.nameOf(part));
    expect(await exitCodesOf(stack, () => stack.ask("stop", ...names))).toEqual(exitCodes);
    await stack.bareUp(); // starts what was stopped
    await expectComplete(stack, application);
    await noteFiles(stack);
  });

  const changeTo = (version: string, before: string): string => {
    const name = `Spark ${version} in all images: the same, every file is there, and a master that soon gives out executors`;
    life.step(name, before, async (stack) => {
      const application = await openedSession(stack);
      await stack.set("sparkVersion", version);
      expect(await exitCodesOf(stack, () => stack.quickUp())).toEqual(exitCodes);
      expect(await masterStart(stack)).toBeLessThan(masterPatience);
      expect(await changedFiles(stack)).toBe("");
      await expectComplete(stack, application);
      await noteFiles(stack);
      left = await openSession(stack, twice(version));
    });
    return name;
  };
  changeTo(defaultSpark, changeTo(otherSpark, stopped));
}
