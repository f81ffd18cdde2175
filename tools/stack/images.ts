import { ImageName, imagesOf, planImages } from "../../images/plan";
import { readDigests, referenceOnEngine } from "../../images/published";
import { askEngine } from "../../engine/facts";
import { configOf, OpenStack } from "./openStack";

/** An image of the stack on its engine. */
export interface StackImage {
  readonly name: ImageName;
  readonly reference: string;
  /** The hash of its content, or the key `imageTag`. */
  readonly tag: string;
}

/** All images of the stack. */
export function stackImages(stack: OpenStack): StackImage[] {
  const config = configOf(stack, askEngine(stack.engine).architecture);
  const { images, supply } = config;
  const plan = planImages(images);
  return imagesOf(config).map((name) => ({
    name,
    reference: referenceOnEngine(name, plan[name], supply, readDigests()),
    tag: supply.source === "pull" && supply.tag !== "" ? supply.tag : plan[name].tag,
  }));
}

/** Path of an image's SBOM, relative to the project's folder. */
export function sbomFile({ name, tag }: StackImage): string {
  return `sbom/${name}-${tag}.cdx.json`;
}
