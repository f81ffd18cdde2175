import { imageTag } from "./imageTag";
import { ImageConfig, Sizes } from "../config/clusterConfig";

/** The images, parents first. */
export const imageNames = [
  "base",
  "spark-base",
  "spark-master",
  "spark-worker",
  "jupyterlab",
  "history-server",
  "spark-connect",
  "catalog",
  "gateway",
] as const;
export type ImageName = (typeof imageNames)[number];

/** What a cluster is, as far as it decides on its images. */
export interface Composition {
  readonly sizes: Pick<Sizes, "catalog">;
  /** Undefined for a cluster on one engine. */
  readonly swarm?: object | undefined;
}

/**
 * The images that a cluster is made of: the catalog's is left out where each session has its own, and only a swarm has a gateway.
 */
export function imagesOf({ sizes, swarm }: Composition): readonly ImageName[] {
  return imageNames.filter(
    (name) => (name !== "catalog" || sizes.catalog === "shared") && (name !== "gateway" || swarm !== undefined),
  );
}

/** How one image is built. */
export interface PlannedImage {
  readonly parent: ImageName | undefined;
  /** Its folder, from the project's. */
  readonly context: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** The tag: a hash of the folder and of the build arguments, the parent's reference among them. */
  readonly tag: string;
  /** Name and tag on the engine. Podman takes a name without a host for one of a registry's. */
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
    const tag = imageTag(context, buildArgs);
    return { parent, context, buildArgs, tag, reference: `localhost/spark-cluster-${name}:${tag}` };
  };
  const base = plan("base", undefined, undefined, { BASE_IMAGE: config.baseImage, REBUILD: config.rebuild });
  const sparkBase = plan("spark-base", "base", base.reference, {
    SPARK_VERSION: config.sparkVersion,
    EXTRA_PYTHON_PACKAGES: config.extraPythonPackages.join(" "),
    EXTRA_JARS: config.extraJars.join(" "),
    S3: String(config.s3),
  });
  const onSpark = (name: ImageName) => plan(name, "spark-base", sparkBase.reference, {});
  return {
    base,
    "spark-base": sparkBase,
    "spark-master": onSpark("spark-master"),
    "spark-worker": onSpark("spark-worker"),
    jupyterlab: onSpark("jupyterlab"),
    "history-server": onSpark("history-server"),
    "spark-connect": onSpark("spark-connect"),
    catalog: plan("catalog", "base", base.reference, {}),
    gateway: plan("gateway", "base", base.reference, {}),
  };
}
