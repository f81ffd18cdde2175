import { imageTag } from "./imageTag";
import { ImageConfig } from "../config/clusterConfig";

/** The five images, parents first. */
export const imageNames = ["base", "spark-base", "spark-master", "spark-worker", "jupyterlab"] as const;
export type ImageName = (typeof imageNames)[number];

/** How one image is built. */
export interface PlannedImage {
  readonly parent: ImageName | undefined;
  /** Its folder, from the project's. */
  readonly context: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Name and tag; the tag is a hash of the folder and of the build arguments, the parent's reference among them. */
  readonly reference: string;
}

/** What each image is made of and called, on every machine the same. */
export function planImages(config: ImageConfig): Readonly<Record<ImageName, PlannedImage>> {
  const plan = (
    name: ImageName,
    parent: ImageName | undefined,
    reference: string | undefined,
    args: Record<string, string>,
  ): PlannedImage => {
    const context = `images/${name}`;
    const buildArgs = { ...(reference === undefined ? {} : { PARENT: reference }), ...args };
    return { parent, context, buildArgs, reference: `spark-cluster/${name}:${imageTag(context, buildArgs)}` };
  };
  const base = plan("base", undefined, undefined, { BASE_IMAGE: config.baseImage, REBUILD: config.rebuild });
  const sparkBase = plan("spark-base", "base", base.reference, { SPARK_VERSION: config.sparkVersion });
  const onSpark = (name: ImageName) => plan(name, "spark-base", sparkBase.reference, {});
  return {
    base,
    "spark-base": sparkBase,
    "spark-master": onSpark("spark-master"),
    "spark-worker": onSpark("spark-worker"),
    jupyterlab: onSpark("jupyterlab"),
  };
}
