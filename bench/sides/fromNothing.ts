import { Sample, Sides } from "../harness/measurement";
import { Scratch } from "../harness/scratch";
import { ComposedCluster } from "./composedCluster";
import { OurCluster } from "./ourCluster";
import { Side, upOnce } from "./side";

/** Our cluster and the composed one. The task brings each up, and each is torn down afterwards; images and volumes exist. */
export async function fromNothing(scratch: Scratch, task: (side: Side) => Promise<Sample>): Promise<Sides> {
  const ours = await OurCluster.make(scratch); // first, because it starts the engine
  const theirs = await ComposedCluster.make(scratch);
  for (const side of [ours, theirs]) {
    await upOnce(side, () => task(side)); // creates the volumes
  }
  return { ours: () => upOnce(ours, () => task(ours)), theirs: () => upOnce(theirs, () => task(theirs)) };
}
