import { relative } from "node:path";

import { askEngine } from "../../engine/facts";
import { publishImage } from "../../engine/images";
import { imagesOf, planImages } from "../../images/plan";
import { addDigests, lockFile, publishedReference } from "../../images/published";
import { Failure } from "../failure";
import { root } from "../programs";
import { configOf, OpenStack, valueOf } from "../stack/openStack";
import { buildImages } from "./build";

/**
 * Builds the stack's missing images, pushes all of them to its registry, and writes their digests into the lock file. Published
 * images are not part of the stack, so no `destroy` deletes them.
 */
export async function publish(stack: OpenStack): Promise<void> {
  if (valueOf(stack, "imageSource") !== "build") {
    throw new Failure(`Stack ${stack.name} pulls its images. Publish from a stack that builds them: make publish STACK=...`);
  }
  if (valueOf(stack, "imageRegistry") === "") {
    throw new Failure("There is no registry to publish to: pulumi config set imageRegistry registry.example.com/team");
  }
  await buildImages(stack);

  const { engine } = stack;
  const config = configOf(stack, askEngine(engine).architecture);
  const { images, supply } = config;
  const plan = planImages(images);
  const needed = imagesOf(config);
  for (const image of needed) {
    const published = publishedReference(image, plan[image], supply);
    console.log(`Publishing ${published} ...`);
    // Written after each push, so the lock file lists every pushed image even if the next push fails.
    addDigests({ [published]: await publishImage(engine, plan[image].reference, published, supply) });
  }
  console.log(`All ${needed.length} images are in ${supply.registry}, and their digests in ${relative(root, lockFile())}.`);
}
