import { createHash } from "node:crypto";
import { join, relative } from "node:path";

import { imageTag } from "./imageTag";
import { ImageConfig } from "../config/clusterConfig";
import { isOn, roles } from "../roles";
import { acceleratorJars } from "../config/accelerator";
import { RoleName } from "../roles/names";
import { Composition, Role } from "../roles/role";
import { withoutPassword } from "../config/requirements";
import { tablePackages } from "../config/tableFormats";
import { packageRoot } from "./packageRoot";

export type ImageName = "base" | "spark-base" | (typeof roles)[RoleName]["image"]["name"];

/** All images, parents first. */
export const imageNames: readonly ImageName[] = ["base", "spark-base", ...Object.values(roles).map(({ image }) => image.name)];

/** The images of a cluster, parents first, without the optional images of roles that are off. */
export function imagesOf(composition: Composition): readonly ImageName[] {
  const ofRoles = Object.values(roles).filter((role: Role) => role.image.isOptional !== true || isOn(role, composition));
  return ["base", "spark-base", ...ofRoles.map(({ image }) => image.name)];
}

/** The image that another derives from; undefined for `base`. */
export function parentOf(image: ImageName): ImageName | undefined {
  if (image === "base") {
    return undefined;
  }
  return imageOfRole(image)?.parent ?? "base";
}

/** The stage of an image that derives from `base`, whatever the image's parent is. */
export function stageOfBase(image: ImageName): string | undefined {
  return imageOfRole(image)?.stageOfBase;
}

/** A hash of what an image's stage of `base` is made of, so without the image's parent and its other build arguments. */
export function stageTag({ context, buildArgs: { BASE = "" } }: PlannedImage): string {
  return imageTag(context, { BASE });
}

function imageOfRole(image: ImageName): Role["image"] | undefined {
  return Object.values(roles).find((role: Role) => role.image.name === image)?.image;
}

/** How one image is built. */
export interface PlannedImage {
  /** The folder of its Dockerfile, relative to the working folder, so that a moved checkout changes nothing. */
  readonly context: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** The tag: a hash of the folder and of the build arguments, which include the parent's reference. */
  readonly tag: string;
  /** Name and tag on the engine. It begins with `localhost/`, because Podman looks up a name without a host in a registry. */
  readonly reference: string;
}

/** How each image is built and what its reference is. The plan is the same on every machine. */
export function planImages(config: ImageConfig): Readonly<Record<ImageName, PlannedImage>> {
  const plan = (name: ImageName, reference: string | undefined, args: Record<string, string>): PlannedImage => {
    const context = relative(process.cwd(), join(packageRoot(), "images", name));
    const buildArgs = { ...(reference !== undefined && { PARENT: reference }), ...args };
    const tag = imageTag(context, buildArgs);
    return { context, buildArgs, tag, reference: `localhost/spark-cluster-${name}:${tag}` };
  };
  const base = plan("base", undefined, { BASE_IMAGE: config.baseImage, REBUILD: config.rebuild });
  const ofTables = tablePackages(config);
  const sparkBase = plan("spark-base", base.reference, {
    SPARK_VERSION: config.sparkVersion,
    EXTRA_DEBIAN_PACKAGES: config.extraDebianPackages.join(" "),
    TABLE_PYTHON_PACKAGES: ofTables.python.join(" "),
    // The lines themselves are a build secret: they may be longer than an argument can be, and contain an index's password. Another
    // password is no other image.
    PYTHON_REQUIREMENTS: config.requirements && createHash("sha256").update(withoutPassword(config.requirements)).digest("hex"),
    EXTRA_PYTHON_PACKAGES: config.extraPythonPackages.join(" "),
    TABLE_JARS: ofTables.jars.join(" "),
    ACCELERATOR_JARS: acceleratorJars(config).join(" "),
    EXTRA_JARS: config.extraJars.join(" "),
    S3: String(config.s3),
  });
  const parents = { base, "spark-base": sparkBase };
  const ofRoles = Object.values(roles).map(({ image }) => {
    const { parent, args }: Role["image"] = image;
    return [image.name, plan(image.name, parents[parent].reference, args?.(config, base.reference) ?? {})];
  });
  return { ...parents, ...(Object.fromEntries(ofRoles) as Record<Exclude<ImageName, keyof typeof parents>, PlannedImage>) };
}
