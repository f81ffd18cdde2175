import { Measurement } from "../harness/measurement";
import { fromNothing } from "../sides/fromNothing";
import { upUntilRegistered } from "../sides/side";

const workers = 2;

/** From the command until all workers are registered. Images and volumes exist, containers do not. */
export const registered: Measurement = {
  name: "registered",
  what: "`pulumi up` until all workers are registered, images present",
  against: "docker compose",
  unit: "s",
  targets: [{ of: "ratio", atMost: 0.5 }],
  pairs: 5,
  patience: 2400,
  setup: (scratch) => fromNothing(scratch, (side) => upUntilRegistered(side, workers)),
};
