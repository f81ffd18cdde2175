import { Measurement } from "../harness/measurement";
import { firstSample } from "../tables/queries";
import { queriesOnBoth } from "../tables/twoClusters";

/** The experience of a user who opens a notebook: each query once, in a fresh session. */
export const queriesFirst: Measurement = {
  name: "queries-first",
  what: "the same queries, the first time in a fresh session",
  against: "Spark's defaults on the predecessors' layout",
  unit: "s",
  targets: [{ of: "ratio", atMost: 0.5 }],
  pairs: 5,
  patience: 2400,
  setup: (scratch) => queriesOnBoth(scratch, 1, firstSample),
};
