import { Engine } from "../../engine/engine";
import { planImages } from "../../images/plan";
import { docker } from "../../testbed/engines/here";
import { clusterConfig } from "../../testbed/stackConfig";
import { Measurement, Sample } from "../harness/measurement";
import { client } from "../sides/client";
import { defaultSparkVersion } from "../sides/defaults";
import { OurCluster } from "../sides/ourCluster";
import { PlainImages, plainNames, plainReference } from "../sides/plainImages";
import { uniqueBytes } from "../sides/uniqueBytes";

async function sizeOf(engine: Engine, references: readonly string[]): Promise<Sample> {
  const answer = await client(engine, ["image", "inspect", ...references]);
  const images = JSON.parse(answer) as { Size: number; RootFS: { Layers: string[] } }[];
  const bytes = uniqueBytes(images.map(({ Size, RootFS }) => ({ layers: RootFS.Layers, bytes: Size })));
  return { value: bytes / 1e9, raw: images.map(({ Size }, index) => ({ image: references[index], bytes: Size })) };
}

/** Disk use of the five images, each layer counted once: base, spark-base, spark-master, spark-worker, jupyterlab. */
export const imageSize: Measurement = {
  name: "image-size",
  what: "five images, unique bytes on disk",
  against: "the same packages by ordinary Dockerfiles",
  unit: "GB",
  targets: [{ of: "ours", atMost: 0.9 }],
  pairs: 1,
  patience: 2400,
  async setup(scratch) {
    await OurCluster.make(scratch); // builds the images
    const plain = await PlainImages.copy(defaultSparkVersion(), scratch);
    await plain.buildMachine(docker);
    await plain.build(docker);
    const plan = planImages(clusterConfig().images);
    return {
      ours: async () => {
        const five = await sizeOf(
          docker,
          plainNames.map((name) => plan[name].reference),
        );
        const more = (["history-server", "spark-connect"] as const).map((name) => plan[name].reference);
        const all = await sizeOf(docker, [...plainNames.map((name) => plan[name].reference), ...more]);
        return { ...five, beside: { "GB with history-server and spark-connect": all.value } };
      },
      theirs: () => sizeOf(docker, plainNames.map(plainReference)),
    };
  },
};
