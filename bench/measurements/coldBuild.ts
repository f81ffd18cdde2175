import { docker } from "../../testbed/engines/here";
import { secondsOf } from "../harness/clock";
import { Measurement, Sample } from "../harness/measurement";
import { Scratch } from "../harness/scratch";
import { defaultSparkVersion } from "../sides/defaults";
import { startEmptyEngine } from "../sides/emptyEngine";
import { OurCluster } from "../sides/ourCluster";
import { PlainImages } from "../sides/plainImages";

/** Runs a task and cleans up at once, so no build finds the caches of another. */
async function alone(scratch: Scratch, task: (scratch: Scratch) => Promise<Sample>): Promise<Sample> {
  const own = new Scratch();
  const clear = async () => {
    const failures = await own.clear();
    if (failures.length > 0) {
      throw new Error(failures.join("\n"));
    }
  };
  scratch.later("what a build left", clear); // for a bench that is interrupted
  const sample = await task(own);
  await clear();
  return sample;
}

/** A build of all images on an engine with empty caches. */
export const coldBuild: Measurement = {
  name: "cold-build",
  what: "`make build-docker`, caches empty: all images of a stack",
  against: "`docker build` of five ordinary Dockerfiles one after another",
  unit: "s",
  targets: [{ of: "ratio", atMost: 0.7 }],
  pairs: 3,
  patience: 2400,
  async setup(scratch) {
    await OurCluster.make(scratch); // starts the machine's engine and brings Debian's image to it
    const plain = await PlainImages.copy(defaultSparkVersion(), scratch);
    await plain.buildMachine(docker);
    return {
      ours: () =>
        alone(scratch, async (own) => {
          const engine = await startEmptyEngine(own);
          const { stack } = await OurCluster.make(own, { engine, images: false });
          return { value: await secondsOf(() => stack.must(`build-${engine.kind}`, { timeout: 2000 })) };
        }),
      theirs: () =>
        alone(scratch, async (own) => {
          const engine = await startEmptyEngine(own);
          await plain.buildMachine(engine);
          return { value: await secondsOf(() => plain.build(engine)) };
        }),
    };
  },
};
