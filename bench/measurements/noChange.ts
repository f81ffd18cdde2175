import { secondsOf } from "../harness/clock";
import { Measurement } from "../harness/measurement";
import { makeEmptyStack } from "../sides/emptyStack";
import { OurCluster } from "../sides/ourCluster";

/** An `up` without changes and without a refresh. */
export const noChange: Measurement = {
  name: "no-change",
  what: "`pulumi up --skip-preview --refresh=false` without a change",
  against: "the same of a stack without a resource",
  unit: "s",
  targets: [{ of: "ratio", atMost: 1.5 }],
  pairs: 7,
  patience: 2400,
  async setup(scratch) {
    const cluster = await OurCluster.make(scratch);
    const empty = await makeEmptyStack(cluster, scratch);
    for (const stack of [cluster, empty]) {
      await stack.up();
      await stack.up();
    }
    return {
      ours: async () => ({ value: await secondsOf(() => cluster.up()) }),
      theirs: async () => ({ value: await secondsOf(() => empty.up()) }),
    };
  },
};
