import { readdirSync } from "node:fs";
import { join } from "node:path";

/** The Spark versions that can be chosen: those that have a lock file, the newest first. */
export const sparkVersions: readonly string[] = readdirSync(join(__dirname, "..", "images", "spark-base", "python"))
  .map((file) => /^(\d+\.\d+\.\d+)\.txt$/.exec(file)?.[1])
  .filter((version) => version !== undefined)
  .sort((one, other) => other.localeCompare(one, undefined, { numeric: true }));
