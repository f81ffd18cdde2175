import { existsSync, readFileSync, writeFileSync } from "node:fs";

import { ImageSupply } from "../config/clusterConfig";
import { ImageName, PlannedImage } from "./plan";

/** Digests of what was published, by name and tag: what is pulled is what was pushed, whatever became of the tag. */
export const lockFile = "images.lock.json";
export type Digests = Readonly<Record<string, string>>;

/**
 * Name and tag of an image in the registry. Its content's tag says nothing of the processor that it was built for, so that is added;
 * a tag of the user's stays as it is, because it may be that of an image for several.
 */
export function publishedReference(image: ImageName, planned: PlannedImage, supply: ImageSupply): string {
  const tag = supply.tag === "" ? `${planned.tag}-${supply.architecture}` : supply.tag;
  return `${supply.registry}/spark-cluster-${image}:${tag}`;
}

/** What is asked of the registry: the digest of the lock file, where it has one, else the tag. */
export function pulledReference(published: string, digests: Digests): string {
  const digest = digests[published];
  return digest === undefined ? published : `${published.slice(0, published.lastIndexOf(":"))}@${digest}`;
}

/** What an image is called on the engine of a stack, which built it or pulled it. */
export function referenceOnEngine(image: ImageName, planned: PlannedImage, supply: ImageSupply, digests: Digests): string {
  return supply.source === "pull" ? pulledReference(publishedReference(image, planned, supply), digests) : planned.reference;
}

/** The digests of the lock file; none where there is no such file. */
export function readDigests(): Digests {
  return existsSync(lockFile) ? (JSON.parse(readFileSync(lockFile, "utf8")) as Digests) : {};
}

/** Adds digests to the lock file, in the order of their names. */
export function addDigests(digests: Digests): void {
  const all = Object.entries({ ...readDigests(), ...digests }).sort(([one], [other]) => (one < other ? -1 : 1));
  writeFileSync(lockFile, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
}
