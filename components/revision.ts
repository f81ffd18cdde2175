import { createHash } from "node:crypto";

/** A short word for a text: another for every other text. */
export function revisionOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
