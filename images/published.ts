import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { ImageSupply } from "../config/clusterConfig";
import { packageRoot } from "./packageRoot";
import { ImageName, PlannedImage } from "./plan";

/** The digests of published images, by name and tag. Later pulls get exactly the pushed images, even if the tag has moved. */
export const lockFile = (): string => join(packageRoot(), "images.lock.json");
export type Digests = Readonly<Record<string, string>>;

/**
 * Name and tag of an image in the registry. The architecture is appended to the tag from its content, which does not contain it.
 * It is not appended to a configured tag, because that may name an image for several architectures.
 */
export function publishedReference(image: ImageName, planned: PlannedImage, supply: ImageSupply): string {
  const tag = supply.tag === "" ? `${planned.tag}-${supply.architecture}` : supply.tag;
  return `${supply.registry}/spark-cluster-${image}:${tag}`;
}

/** The reference to pull: the digest from the lock file if it has one, else the tag. */
export function pulledReference(published: string, digests: Digests): string {
  const digest = digests[published];
  return digest === undefined ? published : `${published.slice(0, published.lastIndexOf(":"))}@${digest}`;
}

/** The reference of an image on the engine, whether it is built or pulled. */
export function referenceOnEngine(image: ImageName, planned: PlannedImage, supply: ImageSupply, digests: Digests): string {
  return supply.source === "pull" ? pulledReference(publishedReference(image, planned, supply), digests) : planned.reference;
}

/** The digests of the lock file; empty if the file does not exist. */
export function readDigests(): Digests {
  return existsSync(lockFile()) ? (JSON.parse(readFileSync(lockFile(), "utf8")) as Digests) : {};
}

/** Adds digests to the lock file, sorted by name. */
export function addDigests(digests: Digests): void {
  const all = Object.entries({ ...readDigests(), ...digests }).sort(([one], [other]) => (one < other ? -1 : 1));
  writeFileSync(lockFile(), `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
}
