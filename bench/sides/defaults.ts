import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

/** The default version of Spark, used on both sides. */
export function defaultSparkVersion(): string {
  const file = readFileSync(join(__dirname, "../../Pulumi.yaml"), "utf8");
  const { config } = parse(file) as { config: { sparkVersion: { default: string } } };
  return config.sparkVersion.default;
}
