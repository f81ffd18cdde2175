import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { stringify } from "yaml";

import { Declaration, fieldsOf } from "../../config/declaration";
import { keys, plainKeys, schema } from "../../config/schema";
import { root } from "../programs";

const marker = "/** Written by `make readme`: the keys of the configuration. */\n";
const [begin, end] = ["<!-- config keys: make readme -->\n", "<!-- end of config keys -->"];

/** A key's type and default, in the form of Pulumi.yaml. */
function typed(text: string): { readonly type: string; readonly default: unknown; readonly items?: unknown } {
  switch (text) {
    case "[]":
      return { type: "array", items: { type: "string" }, default: [] };
    case "{}":
      return { type: "object", default: {} };
    default:
      return { type: "string", default: text };
  }
}

/** Every key with its declaration and its fields. */
const all = keys.map((key) => {
  const declared: Declaration<unknown> = schema[key];
  return { key, declared, fields: Object.entries(fieldsOf(declared)?.fields ?? {}) };
});

/** The fields of a key in a sentence: `ports.jupyterlab (8888)`. */
function listed({ key, fields }: (typeof all)[number]): string {
  const names = fields.map(([name, field]) => `${key}.${name}${field.default === "" ? "" : ` (${field.default})`}`);
  return names.length === 0 ? "" : ` Fields are ${names.join(", ")}.`;
}

/** Pulumi.yaml with its last section, `config`, replaced by the keys of the schema. */
export function withConfigSection(pulumiYaml: string): string {
  const section = Object.fromEntries(
    all.map((each) => [each.key, { ...typed(each.declared.default), description: each.declared.description + listed(each) }]),
  );
  const [before = ""] = pulumiYaml.split(/^config:\n/m);
  return before + stringify({ config: section }, { lineWidth: 0 });
}

/** The page with a table of the keys and their fields between its two markers. */
export function withConfigTable(page: string): string {
  const row = (name: string, declared: Declaration<unknown>) =>
    `| \`${name}\` | ${declared.default === "" ? "" : `\`${declared.default}\``} | ${declared.description} |\n`;
  const rows = all.flatMap(({ key, declared, fields }) => [
    row(key, declared),
    ...fields.map(([name, field]) => row(`${key}.${name}`, field)),
  ]);
  const table = ["\n| Key | Default | What it is |\n|---|---|---|\n", ...rows, "\n"].join("");
  const [before = "", rest = ""] = page.split(begin);
  return `${before}${begin}${table}${rest.slice(rest.indexOf(end))}`;
}

/** The type of a key with fields, which has its own interface. */
function interfaceOf(key: string): string {
  return `${key.charAt(0).toUpperCase()}${key.slice(1)}Args`;
}

function member(name: string, declared: Declaration<unknown>, type: string): string {
  const { default: usual } = declared;
  const shown = ["", "{}", "[]"].includes(usual) ? "" : ` @default ${usual}`;
  return `  /** ${declared.description}${shown} */\n  readonly ${/^\w+$/.test(name) ? name : `"${name}"`}?: ${type};\n`;
}

/** The module with the arguments of SparkCluster after its marker. */
export function withArguments(module: string): string {
  const groups: string[] = [];
  const members = all.map(({ key, declared, fields }) => {
    if (fields.length === 0) {
      const { type = "string" } = declared.read;
      return member(key, declared, plainKeys.some((each) => each === key) ? type : `Input<${type}>`);
    }
    const ofFields = fields.map(([name, field]) => member(name, field, `Input<${field.read.type ?? "string"}>`));
    groups.push(`/** ${declared.description} */\nexport interface ${interfaceOf(key)} {\n${ofFields.join("")}}\n`);
    return member(key, declared, `Input<${interfaceOf(key)}>`);
  });
  const [before = ""] = module.split(marker);
  return `${before}${marker}${[`export interface ConfigArgs {\n${members.join("")}}\n`, ...groups].join("\n")}`;
}

/** Writes the keys of config/schema.ts into Pulumi.yaml, docs/reference/config.md and components/sparkClusterArgs.ts. */
export function readme(): void {
  const pages = [
    ["Pulumi.yaml", withConfigSection] as const,
    ["docs/reference/config.md", withConfigTable] as const,
    ["components/sparkClusterArgs.ts", withArguments] as const,
  ];
  for (const [name, rewrite] of pages) {
    const file = join(root, name);
    writeFileSync(file, rewrite(readFileSync(file, "utf8")));
  }
}
