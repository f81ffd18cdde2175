import { readdirSync } from "node:fs";
import { join } from "node:path";

import { packageRoot } from "../images/packageRoot";

/** The supported Spark versions, newest first. Each has a lock file, which `tools/spark-cluster add-spark` writes. */
export const sparkVersions: readonly string[] = readdirSync(join(packageRoot(), "images", "spark-base", "python"))
  .map((file) => /^(\d+\.\d+\.\d+)\.txt$/.exec(file)?.[1])
  .filter((version) => version !== undefined)
  .sort((one, other) => other.localeCompare(one, undefined, { numeric: true }));

/** The first two numbers of a version, by which jars for Spark are named. */
export function seriesOf(sparkVersion: string): string {
  return sparkVersion.split(".").slice(0, 2).join(".");
}

/** The newest one for which Delta Lake, Iceberg and Comet have jars: docs/reference/spark-versions.md. */
export const defaultSparkVersion = "4.1.4";
