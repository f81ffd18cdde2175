import { existsSync, readFileSync, writeFileSync } from "node:fs";

import { ImageSupply } from "../config/clusterConfig";
import { ImageName, PlannedImage } from "./plan";

/** Digests of published images, by name and tag: a pull gets exactly the pushed image, even if the tag has moved. */
export const lockFile = "images.lock.json";
export type Digests = Readonly<Record<string, string>>;

/**
 * Name and tag of an image in the registry. The hash of the content does not include the architecture, so it is added here; a
 * user's tag stays as it is, because it may name an image for several architectures.
 */
export function publishedReference(image: ImageName, planned: PlannedImage, supply: ImageSupply): string {
  const tag = supply.tag === "" ? `${planned.tag}-${supply.architecture}` : supply.tag;
  return `${supply.registry}/spark-cluster-${image}:${tag}`;
}

/** The reference to pull: with the digest from the lock file, or with the tag if the lock file has none. */
export function pulledReference(published: string, digests: Digests): string {
  const digest = digests[published];
  return digest === undefined ? published : `${published.slice(0, published.lastIndexOf(":"))}@${digest}`;
}

/** The reference of an image on the stack's engine, which built or pulled it. */
export function referenceOnEngine(image: ImageName, planned: PlannedImage, supply: ImageSupply, digests: Digests): string {
  return supply.source === "pull" ? pulledReference(publishedReference(image, planned, supply), digests) : planned.reference;
}

/** The digests of the lock file; none if there is no such file. */
export function readDigests(): Digests {
  return existsSync(lockFile) ? (JSON.parse(readFileSync(lockFile, "utf8")) as Digests) : {};
}

/** Adds digests to the lock file, sorted by name. */
export function addDigests(digests: Digests): void {
  const all = Object.entries({ ...readDigests(), ...digests }).sort(([one], [other]) => (one < other ? -1 : 1));
  writeFileSync(lockFile, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
}
