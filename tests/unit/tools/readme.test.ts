import { readFileSync } from "node:fs";
import { join } from "node:path";

import { withArguments, withConfigSection, withConfigTable } from "../../../tools/commands/readme";

test.each([
  ["the reference's table of config keys", "docs/reference/config.md", withConfigTable, "| `workers` | `2` |"],
  ["the config of the project", "Pulumi.yaml", withConfigSection, '  workers:\n    type: string\n    default: "2"\n'],
  ["SparkCluster", "components/sparkClusterArgs.ts", withArguments, '  readonly workers?: number | "per-node";\n'],
])("%s has the keys of the schema: make readme writes them", (_, file, renewed, part) => {
  const text = readFileSync(join(__dirname, "../../..", file), "utf8");
  expect(text).toBe(renewed(text));
  expect(text).toContain(part);
});
