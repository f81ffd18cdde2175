import { readFileSync } from "node:fs";
import { join } from "node:path";

import { withArguments, withConfigSection, withConfigTable } from "../../../tools/commands/readme";

const read = (name: string) => readFileSync(join(__dirname, "../../..", name), "utf8");

test("the reference's table of config keys is the one of the schema: make readme writes it", () => {
  expect(read("docs/reference/config.md")).toBe(withConfigTable(read("docs/reference/config.md")));
  expect(read("docs/reference/config.md")).toContain("| `workers` | `2` |");
});

test("the keys of Pulumi.yaml are those of the schema: make readme writes them", () => {
  expect(read("Pulumi.yaml")).toBe(withConfigSection(read("Pulumi.yaml")));
  expect(read("Pulumi.yaml")).toContain('  workers:\n    type: string\n    default: "2"\n');
});

test("the arguments of SparkCluster are the keys of the schema: make readme writes them", () => {
  expect(read("components/sparkClusterArgs.ts")).toBe(withArguments(read("components/sparkClusterArgs.ts")));
  expect(read("components/sparkClusterArgs.ts")).toContain('  readonly workers?: number | "per-node";\n');
});
