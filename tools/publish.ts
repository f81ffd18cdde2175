// Pushes the stack's images from its engine to its registry, and writes their digests into the lock file.
import { relative } from "node:path";

import { ConfigError } from "../config/problem";
import { askEngine } from "../engine/facts";
import { publishImage } from "../engine/images";
import { imagesOf, planImages } from "../images/plan";
import { addDigests, lockFile, publishedReference } from "../images/published";
import { clusterConfig, configValues, engineOf } from "./stack";

async function main(): Promise<void> {
  const values = configValues();
  const engine = engineOf(values);
  const config = clusterConfig(values, askEngine(engine).architecture);
  const { images, supply } = config;
  const plan = planImages(images);
  const needed = imagesOf(config);
  for (const image of needed) {
    const published = publishedReference(image, plan[image], supply);
    console.log(`Publishing ${published} ...`);
    // Written after each push, so the lock file lists every pushed image even if the next push fails.
    addDigests({ [published]: await publishImage(engine, plan[image].reference, published, supply) });
  }
  console.log(
    `All ${needed.length} images are in ${supply.registry}, and their digests in ${relative(process.cwd(), lockFile())}.`,
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof ConfigError || error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
