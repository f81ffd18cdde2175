import { totalMemory } from "../../config/sizes";
import { askEngine } from "../../engine/facts";
import { docker } from "../../testbed/engines/here";
import { clusterConfig } from "../../testbed/stackConfig";
import { pause } from "../harness/clock";
import { Measurement, Sample } from "../harness/measurement";
import { lineThrough } from "../harness/statistics";
import { ComposedCluster } from "../sides/composedCluster";
import { OurCluster } from "../sides/ourCluster";
import { Side, upOnce, upUntilRegistered } from "../sides/side";

/** The minimum of a worker, so many of them fit on one machine. */
const small = {
  workerCores: "1",
  workerMemory: "450m",
  executorMemory: "450m",
  driverMemory: "450m",
  pythonMemory: "256m",
  tmpMemory: "64m",
  ideMemory: "256m",
  masterMemory: "384m",
  sessions: "1",
  historyServer: "false",
};

/** 1, 2, 4, 8 and 16 workers, or as many as fit on this machine by the stack's own computation. */
function counts(): number[] {
  const { memory } = askEngine(docker).size;
  const fits = (workers: number) => totalMemory(clusterConfig({ ...small, workers: String(workers) }).sizes) <= memory;
  const largest = Array.from({ length: 16 }, (_, index) => 16 - index).find(fits) ?? 1;
  return [...new Set([1, 2, 4, 8, 16].map((count) => Math.min(count, largest)))];
}

async function growthOf(side: Side, workers: readonly number[]): Promise<Sample> {
  const grown: { count: number; seconds: number; memory: number }[] = [];
  for (const count of workers) {
    await side.setWorkers(count);
    grown.push(
      await upOnce(side, async () => {
        const { value: seconds } = await upUntilRegistered(side, count);
        await pause(5); // until the work at their start is done
        return { count, seconds, memory: await side.workerMemory() };
      }),
    );
  }
  const time = lineThrough(grown.map(({ count, seconds }) => [count, seconds]));
  const memory = lineThrough(grown.map((each) => [each.count, each.memory]));
  return {
    value: time.slope,
    beside: {
      "MB a worker": memory.slope,
      "workers at most": Math.max(...workers),
      "s without any, by the line": time.intercept,
      "straightness of the seconds": time.straightness,
      "straightness of the MB": memory.straightness,
    },
    raw: grown,
  };
}

/** How `up` and the workers' memory grow with the workers: the slopes of the lines through all sizes. */
export const growth: Measurement = {
  name: "growth",
  what: "`pulumi up` until all are registered, for each worker more",
  against: "docker compose",
  unit: "s",
  targets: [
    { of: "ours", atMost: 0.7 },
    { of: "ours", atMost: 200, beside: "MB a worker" },
  ],
  pairs: 2,
  patience: 3600,
  async setup(scratch) {
    const cluster = await OurCluster.make(scratch, { config: small }); // first, because it starts the engine
    const composed = await ComposedCluster.make(scratch, { workerMemory: small.workerMemory });
    const workers = counts();
    return { ours: () => growthOf(cluster, workers), theirs: () => growthOf(composed, workers) };
  },
};
