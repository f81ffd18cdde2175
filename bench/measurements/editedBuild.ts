import { appendFileSync } from "node:fs";
import { join } from "node:path";

import { secondsOf } from "../harness/clock";
import { Measurement } from "../harness/measurement";
import { defaultSparkVersion } from "../sides/defaults";
import { startEmptyEngine } from "../sides/emptyEngine";
import { OurCluster } from "../sides/ourCluster";
import { PlainImages } from "../sides/plainImages";

/** A build after an edit of JupyterLab's list of packages: both sides install these again, and have everything else in caches. */
export const editedBuild: Measurement = {
  name: "edited-build",
  what: "`make build-docker` after an edit of one image, JupyterLab's list of packages",
  against: "`docker build` of all after the same edit",
  unit: "s",
  targets: [{ of: "ratio", atMost: 0.3 }],
  pairs: 3,
  patience: 2400,
  async setup(scratch) {
    const { engine: machines } = await OurCluster.make(scratch); // brings Debian's image to the machine's engine
    const engine = await startEmptyEngine(scratch);
    const { stack } = await OurCluster.make(scratch, { engine });
    const plain = await PlainImages.copy(defaultSparkVersion(), scratch);
    await plain.buildMachine(engine);
    const coldChain = await secondsOf(() => plain.build(engine));
    let edits = 0;
    return {
      ours: async () => {
        appendFileSync(join(stack.folder, "images/jupyterlab/jupyterlab.txt"), `# edit ${++edits}\n`);
        return { value: await secondsOf(() => stack.must(`build-${machines.kind}`, { timeout: 2000 })) };
      },
      theirs: async () => {
        plain.editPackages(++edits);
        const value = await secondsOf(() => plain.build(engine));
        return { value, beside: { "s of the chain with caches empty": coldChain } };
      },
    };
  },
};
