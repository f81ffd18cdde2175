import { readFileSync } from "node:fs";
import { join } from "node:path";

import { withConfigTable } from "../../../tools/readme";

const root = join(__dirname, "../../..");

test("the README's table of config keys is the one of Pulumi.yaml: make readme writes it", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const pulumiYaml = readFileSync(join(root, "Pulumi.yaml"), "utf8");
  expect(readme).toBe(withConfigTable(readme, pulumiYaml));
  expect(readme).toContain("| `workers` | `2` |");
});
