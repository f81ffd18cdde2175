import { Sample, Sides } from "../harness/measurement";
import { Scratch } from "../harness/scratch";
import { ComposedCluster } from "../sides/composedCluster";
import { OurCluster } from "../sides/ourCluster";
import { Side, untilIdle, untilJupyterLabAnswers, untilRegistered } from "../sides/side";
import { Answers, Report, runQueries } from "./queries";
import { deliver } from "./tables";

const workers = 2;

/** This cluster and the predecessors' layout, both up, each with its default Spark settings. `config` is added to this cluster's. */
export async function twoClusters(
  scratch: Scratch,
  config: Readonly<Record<string, string>> = {},
): Promise<{ ours: OurCluster; theirs: ComposedCluster }> {
  const ours = await OurCluster.make(scratch, { config }); // first, because it starts the engine
  const theirs = await ComposedCluster.make(scratch);
  for (const side of [ours, theirs]) {
    await side.up();
    await untilRegistered(side, workers);
    await untilJupyterLabAnswers(side);
  }
  return { ours, theirs };
}

/** Runs the queries on both; their answers have to be the same. */
export async function queriesOnBoth(
  scratch: Scratch,
  rounds: number,
  sampleOf: (report: Report) => Sample,
  config: Readonly<Record<string, string>> = {},
): Promise<Sides> {
  const { ours, theirs } = await twoClusters(scratch, config);
  const answers = new Answers();
  const runOn = async (side: Side) => {
    await untilIdle(side);
    return sampleOf(answers.compare(await runQueries(side, rounds, 2300)));
  };
  for (const side of [ours, theirs]) {
    await deliver(side);
  }
  return { ours: () => runOn(ours), theirs: () => runOn(theirs) };
}
