import { masterState, MasterState } from "../../engine/readiness";
import { TestStack } from "../../testbed/testStack";
import { until } from "../../testbed/until";

export const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Host names of the workers of a cluster that has two. */
export const bothWorkers: readonly string[] = ["spark-worker-1", "spark-worker-2"];

/** The master's state; undefined while it does not answer. */
export function stateOf(stack: TestStack): MasterState | undefined {
  try {
    return masterState(stack.engine, stack.nameOf("master"));
  } catch {
    return undefined;
  }
}

/** Waits until these workers, and no others, are ALIVE for the master. */
export async function untilRegistered(stack: TestStack, workers: readonly string[], seconds: number): Promise<void> {
  const registered = () =>
    (stateOf(stack)?.workers ?? [])
      .filter(({ state }) => state === "ALIVE")
      .map(({ host }) => host)
      .sort();
  await until(`registered: ${workers.join(", ")}`, seconds, async () => registered().join() === [...workers].sort().join());
}

/** Waits until a file is on the shared volume. */
export async function untilFile(stack: TestStack, file: string): Promise<void> {
  const test = ["exec", stack.nameOf("jupyterlab"), "test", "-e", `/opt/workspace/${file}`];
  await until(`a job wrote ${file}`, 300, async () => (await stack.tryAsk(test, { timeout: 60 })).code === 0);
}

/** How a notebook begins. */
export const session = "from pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\n";

/** Name of the application that runs {@link slowShuffle} in a new session. */
export const slowApplication = "slow-shuffle";

/**
 * A cell with a job that takes a while on both sides of a shuffle, in many short tasks. It opens a session if there is none, writes
 * NAME.mapping and NAME.reducing on the shared volume when these sides begin, and prints its sum, which has to be {@link rightAnswer}.
 * A held job does not end before there is a file NAME.go-on.
 */
export const slowShuffle = (name: string, held = false) => `
import pathlib, time
from pyspark.sql import SparkSession
spark = SparkSession.builder.appName("${slowApplication}").getOrCreate()
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
`;

export const rightAnswer = `sum ${(2000 * 1999) / 2}`;
