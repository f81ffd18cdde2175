import { clientCommand } from "../../../engine/cli";
import { masterState, MasterState } from "../../../engine/readiness";
import { run } from "../../integration/helpers/run";
import { TestStack } from "../../integration/helpers/testStack";
import { tell, until } from "../../integration/helpers/until";

export const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

export function nameOf(stack: TestStack, part: string): string {
  return `spark-cluster-${stack.name}-${part}`;
}

/** Ends all processes of a container with SIGKILL, as no engine would: for the engine it has died by itself. */
export async function killOutright(stack: TestStack, part: string): Promise<void> {
  const pid = await stack.ask("inspect", "--format", "{{.State.Pid}}", nameOf(stack, part));
  process.kill(Number(pid), "SIGKILL");
  tell(`kill -9 of ${part}`);
}

/** What the master says of itself; undefined while it does not answer. */
export function stateOf(stack: TestStack): MasterState | undefined {
  try {
    return masterState(stack.engine, nameOf(stack, "master"));
  } catch {
    return undefined;
  }
}

/** Waits until the master counts these workers, and no others, as living ones. */
export async function untilRegistered(stack: TestStack, workers: readonly string[], seconds: number): Promise<void> {
  const registered = () =>
    (stateOf(stack)?.workers ?? [])
      .filter(({ state }) => state === "ALIVE")
      .map(({ host }) => host)
      .sort();
  await until(`registered: ${workers.join(", ")}`, seconds, async () => registered().join() === [...workers].sort().join());
}

/** Waits until a file is on the shared volume. */
export async function untilFile(stack: TestStack, file: string, seconds: number): Promise<void> {
  const [program, ...args] = clientCommand(
    stack.engine,
    "exec",
    nameOf(stack, "jupyterlab"),
    "test",
    "-e",
    `/opt/workspace/${file}`,
  );
  await until(`a job wrote ${file}`, seconds, async () => (await run(program, args, { timeout: 60 })).code === 0);
}

/** How a notebook begins. */
export const session = "from pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\n";

/**
 * A driver with a job that takes a while on both sides of a shuffle, in many short tasks: it writes NAME.mapping and
 * NAME.reducing on the shared volume when it has come so far, and in the end prints its sum, which has to be {@link rightAnswer}. One
 * that is held does not end before there is a file NAME.go-on.
 */
export const slowShuffle = (name: string, held = false) => `
import pathlib, time
from pyspark.sql import SparkSession
spark = SparkSession.builder.appName("${name}").getOrCreate()
def mapping(number):
    pathlib.Path("/opt/workspace/${name}.mapping").touch()
    time.sleep(0.005)
    return number % 50, number
def reducing(pair):
    pathlib.Path("/opt/workspace/${name}.reducing").touch()
    time.sleep(0.6)
    while ${held ? "pair[0] == 49" : "False"} and not pathlib.Path("/opt/workspace/${name}.go-on").exists():
        time.sleep(0.2)
    return pair[1]
numbers = spark.sparkContext.range(0, 2000, numSlices=40)
print("sum", numbers.map(mapping).reduceByKey(lambda a, b: a + b, numPartitions=50).map(reducing).sum())
spark.stop()
`;

export const rightAnswer = `sum ${(2000 * 1999) / 2}`;
