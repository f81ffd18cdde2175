import { Measurement } from "../harness/measurement";
import { Scratch } from "../harness/scratch";
import { OurCluster } from "../sides/ourCluster";
import { untilIdle, untilRegistered } from "../sides/side";
import { Answers, firstSample, Report, runDuckDb, runQueries } from "../tables/queries";
import { deliver } from "../tables/tables";

const scale = 10;

/** More data than fit into the executors' memory, in a fresh session with default sizes; answers are held to DuckDB's. */
export const queriesLarge: Measurement = {
  name: "queries-large",
  what: "the same queries at scale 10, the first time in a fresh session",
  against: "DuckDB in one process with two threads",
  unit: "s",
  targets: [],
  pairs: 1,
  patience: 3600,
  setup: (scratch) => largeQueries(scratch, {}),
};

/** The same with Comet. */
export const queriesLargeComet: Measurement = {
  ...queriesLarge,
  name: "queries-large-comet",
  what: "the same queries at scale 10, the first time in a fresh session, with `accelerator: comet`",
  setup: (scratch) => largeQueries(scratch, { accelerator: "comet" }),
};

async function largeQueries(scratch: Scratch, config: Readonly<Record<string, string>>) {
  const cluster = await OurCluster.make(scratch, { config });
  await cluster.up();
  await untilRegistered(cluster, 2);
  await deliver(cluster, 1);
  await deliver(cluster, scale);
  const answers = new Answers();
  const sampleOf = (report: Report, small: Report) => ({
    ...firstSample(answers.compare(withoutLosses(report))),
    beside: { "times the seconds at scale 1": firstSample(report).value / firstSample(small).value },
  });
  return {
    ours: async () => {
      await untilIdle(cluster);
      const small = await runQueries(cluster, 1, 1200);
      await untilIdle(cluster);
      return sampleOf(await runQueries(cluster, 1, 3000, scale), small);
    },
    theirs: async () => sampleOf(await runDuckDb(scale), await runDuckDb(1)),
  };
}

/** @throws an Error if an executor was lost. */
function withoutLosses(report: Report): Report {
  if (report.lost > 0) {
    throw new Error(`${report.lost} executors were lost`);
  }
  return report;
}
