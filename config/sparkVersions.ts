import { readdirSync } from "node:fs";
import { join } from "node:path";

import { packageRoot } from "../images/packageRoot";

/** The supported Spark versions, newest first. Each has a lock file. */
export const sparkVersions: readonly string[] = readdirSync(join(packageRoot(), "images", "spark-base", "python"))
  .map((file) => /^(\d+\.\d+\.\d+)\.txt$/.exec(file)?.[1])
  .filter((version) => version !== undefined)
  .sort((one, other) => other.localeCompare(one, undefined, { numeric: true }));
