import { Measurement } from "../harness/measurement";
import { startLocalSpark } from "../sides/localSpark";
import { OurCluster } from "../sides/ourCluster";
import { Place } from "../sides/place";
import { untilIdle, untilRegistered } from "../sides/side";
import { Answers, runQueries, warmSample } from "../tables/queries";
import { deliver } from "../tables/tables";

const rounds = 3;

/** Two workers with one core each for the session, against one process with two cores: same image, settings, heap and limits. */
export const queriesLocal: Measurement = {
  name: "queries-local",
  what: "22 queries derived from TPC-H at scale 1, warm, two workers with a core each",
  against: "`local[2]` in the same image, settings and limits",
  unit: "s",
  targets: [{ of: "ratio", atMost: 0.85 }],
  pairs: 3,
  patience: 2400,
  async setup(scratch) {
    const cluster = await OurCluster.make(scratch);
    await cluster.up();
    await untilRegistered(cluster, 2);
    await deliver(cluster);
    const local = await startLocalSpark(cluster, scratch);
    const answers = new Answers();
    const runOn = async (place: Place) => {
      await untilIdle(cluster);
      return warmSample(answers.compare(await runQueries(place, rounds, 2300)));
    };
    return { ours: () => runOn(cluster), theirs: () => runOn(local) };
  },
};
