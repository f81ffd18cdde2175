// Writes the table of config keys in README.md from Pulumi.yaml, where they stand.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

const root = join(__dirname, "..");
const [begin, end] = ["<!-- config keys: make readme -->\n", "<!-- end of config keys -->"];

interface Declared {
  readonly default: unknown;
  readonly description: string;
}

/** The text with the table between its two marks made anew. */
export function withConfigTable(readme: string, pulumiYaml: string): string {
  const { config } = parse(pulumiYaml) as { config: Readonly<Record<string, Declared>> };
  const rows = Object.entries(config).map(([key, { default: value, description }]) => {
    const shown = typeof value === "string" ? value : JSON.stringify(value);
    return `| \`${key}\` | ${shown === "" ? "" : `\`${shown}\``} | ${description} |\n`;
  });
  const table = ["\n| Key | Default | What it is |\n|---|---|---|\n", ...rows, "\n"].join("");
  const [before = "", rest = ""] = readme.split(begin);
  return `${before}${begin}${table}${rest.slice(rest.indexOf(end))}`;
}

if (require.main === module) {
  const file = join(root, "README.md");
  writeFileSync(file, withConfigTable(readFileSync(file, "utf8"), readFileSync(join(root, "Pulumi.yaml"), "utf8")));
}
