import { prepareStack } from "../stack/prepareStack";
import { pulumiUp } from "../stack/pulumiUp";

/** Builds the stack's images, and nothing else, on its engine. */
export async function build(name: string): Promise<void> {
  const stack = await prepareStack(name);
  process.env.SPARK_CLUSTER_IMAGES_ONLY = "true";
  // A target excludes its parent, so the images' parent is targeted too.
  await pulumiUp(stack, ["**:SparkCluster::spark", "**ImageHierarchy**"]);
}
