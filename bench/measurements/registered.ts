import { Measurement } from "../harness/measurement";
import { ComposedCluster } from "../sides/composedCluster";
import { OurCluster } from "../sides/ourCluster";
import { upOnce, upUntilRegistered } from "../sides/side";

const workers = 2;

/** From the command until the master counts all workers. Images and volumes are there, containers are not. */
export const registered: Measurement = {
  name: "registered",
  what: "`pulumi up` until all workers are registered, images present",
  against: "docker compose",
  unit: "s",
  targets: [{ of: "ratio", atMost: 0.5 }],
  pairs: 5,
  patience: 2400,
  async setup(scratch) {
    const cluster = await OurCluster.make(scratch); // first, because it starts the engine
    const composed = await ComposedCluster.make(scratch);
    for (const side of [cluster, composed]) {
      await upOnce(side, () => upUntilRegistered(side, workers)); // so that the volumes are there
    }
    return {
      ours: () => upOnce(cluster, () => upUntilRegistered(cluster, workers)),
      theirs: () => upOnce(composed, () => upUntilRegistered(composed, workers)),
    };
  },
};
