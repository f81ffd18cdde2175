import { Measurement } from "../harness/measurement";
import { firstSample, warmSample } from "../tables/queries";
import { queriesOnBoth } from "../tables/twoClusters";

const config = { accelerator: "comet" };

/** This cluster with Comet, against Spark's defaults. */
export const queriesComet: Measurement = {
  name: "queries-comet",
  what: "the same queries, warm, with `accelerator: comet`",
  against: "Spark's defaults on the predecessors' layout",
  unit: "s",
  targets: [{ of: "ratio", atMost: 0.3 }],
  pairs: 3,
  patience: 2400,
  setup: (scratch) => queriesOnBoth(scratch, 3, warmSample, config),
};

/** A first notebook with Comet: each query once, in a fresh session. */
export const queriesCometFirst: Measurement = {
  ...queriesComet,
  name: "queries-comet-first",
  what: "the same queries, the first time in a fresh session, with `accelerator: comet`",
  targets: [{ of: "ratio", atMost: 0.35 }],
  pairs: 5,
  setup: (scratch) => queriesOnBoth(scratch, 1, firstSample, config),
};
