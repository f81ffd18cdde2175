import { ImageName } from "../../images/plan";
import { OpenStack } from "../stack/openStack";
import { prepareStack } from "../stack/prepareStack";
import { pulumiUp } from "../stack/pulumiUp";

/** Builds the stack's images, and nothing else, on its engine. */
export async function build(stack: OpenStack): Promise<void> {
  await buildImages(stack);
}

/** As {@link build}; `only` some of the images, with their parents. */
export async function buildImages(stack: OpenStack, only: readonly ImageName[] = []): Promise<void> {
  await prepareStack(stack);
  process.env.SPARK_CLUSTER_IMAGES_ONLY = "true";
  const images =
    only.length === 0
      ? ["**ImageHierarchy**"]
      : ["**ImageHierarchy::spark-image", ...only.map((name) => `**::spark-image-${name}*`)];
  // A target excludes its parent, so the images' parent is targeted too.
  await pulumiUp(stack, ["**:SparkCluster::spark", ...images]);
}
