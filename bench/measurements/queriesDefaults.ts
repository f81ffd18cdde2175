import { Measurement } from "../harness/measurement";
import { warmSample } from "../tables/queries";
import { queriesOnBoth } from "../tables/twoClusters";

/** This cluster's settings for its size, against Spark's defaults. */
export const queriesDefaults: Measurement = {
  name: "queries-defaults",
  what: "the same queries, warm, this cluster's defaults",
  against: "Spark's defaults on the predecessors' layout, two workers with a core each",
  unit: "s",
  targets: [{ of: "ratio", atMost: 0.6 }],
  pairs: 3,
  patience: 2400,
  setup: (scratch) => queriesOnBoth(scratch, 3, warmSample),
};
