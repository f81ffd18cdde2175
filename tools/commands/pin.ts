import { pinImage } from "../../engine/images";
import { Failure } from "../failure";
import { startEngine } from "../machine/machine";
import { configOf, OpenStack, valueOf } from "../stack/openStack";

/** Pins the stack's base image to the digest that its tag has in the registry now. */
export async function pin(stack: OpenStack): Promise<void> {
  const { name } = stack;
  if (valueOf(stack, "imageSource") !== "build") {
    throw new Failure(
      `Stack ${name} pulls its images, whose digests are in images.lock.json: make pin is for a stack that builds its images.`,
    );
  }
  startEngine(stack.engine);
  const { baseImage } = configOf(stack).images;
  console.error(`Querying the digest of ${baseImage.replace(/@.*/, "")} ...`);
  const pinned = await pinImage(stack.engine, baseImage);
  if (pinned === baseImage) {
    console.error(`It is the one that stack ${name} has: ${pinned}`);
    return;
  }
  await stack.pulumi.setConfig("baseImage", { value: pinned });
  console.error(`From its next make up on, stack ${name} builds on ${pinned}.`);
}
