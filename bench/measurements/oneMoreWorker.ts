import { secondsOf } from "../harness/clock";
import { Measurement, Sample } from "../harness/measurement";
import { OurCluster } from "../sides/ourCluster";
import { untilRegistered, upUntilRegistered } from "../sides/side";

const workers = 2;

/** The containers that were created or replaced. */
async function touchedBy(cluster: OurCluster, task: () => Promise<Sample>): Promise<{ sample: Sample; touched: string[] }> {
  const before = await cluster.stack.ids();
  const sample = await task();
  const after = await cluster.stack.ids();
  const names = Object.keys({ ...before, ...after });
  // Helpers that fill a volume are never started, and are already removed.
  return { sample, touched: names.filter((name) => before[name] !== after[name]) };
}

/** From the command until a third worker is registered. No other container may be touched. */
export const oneMoreWorker: Measurement = {
  name: "one-more-worker",
  what: "one more worker, from `pulumi up` until it is registered",
  against: "an `up` without a change",
  unit: "s",
  targets: [{ of: "difference", atMost: 3 }],
  pairs: 5,
  patience: 2400,
  async setup(scratch) {
    const cluster = await OurCluster.make(scratch);
    await cluster.up();
    await untilRegistered(cluster, workers);
    return {
      ours: async () => {
        await cluster.setWorkers(workers + 1);
        const { sample, touched } = await touchedBy(cluster, () => upUntilRegistered(cluster, workers + 1));
        if (touched.join() !== `worker-${workers + 1}`) {
          throw new Error(`one more worker touched ${touched.join(", ")}`);
        }
        await cluster.setWorkers(workers);
        await cluster.up();
        return { ...sample, beside: { ...sample.beside, "containers touched": touched.length } };
      },
      theirs: async () => ({ value: await secondsOf(() => cluster.up()) }),
    };
  },
};
