// Prints shell assignments: the stack's engine, the engine's client, what the stack's images are built from, and the problems of
// its configuration that can be found without the engine. where.ts ENGINE prints them for that engine's default socket and the
// project's defaults.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { ConfigError } from "../config/problem";
import { clientCommand } from "../engine/cli";
import { kindOf } from "../engine/engine";
import { ownArchitecture } from "../engine/facts";
import { clusterConfig, engineOf, project, valuesAndSecrets } from "./stack";

function defaults(engine: string): Record<string, string> {
  const file = readFileSync(join(__dirname, "../Pulumi.yaml"), "utf8");
  const { config } = parse(file) as { config: Readonly<Record<string, { readonly default: unknown }>> };
  const values = Object.entries(config).map(([key, { default: value }]) => [
    `${project}:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return { ...(Object.fromEntries(values) as Record<string, string>), [`${project}:engine`]: engine };
}

function problemsOf(values: Record<string, string>, secrets: readonly string[]): string {
  try {
    clusterConfig(values, ownArchitecture(), (name) => secrets.includes(name));
    return "";
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.message;
    }
    throw error;
  }
}

const [, , kind] = process.argv;
const { values, secrets } = kind === undefined ? valuesAndSecrets() : { values: defaults(kind), secrets: [] };
const problems = problemsOf(values, secrets);
if (kindOf(values[`${project}:engine`]) === undefined) {
  console.error(problems); // without a kind, the stack's engine is unknown
  process.exit(1);
}
const engine = engineOf(values);
const quoted = (text = "") => `'${text.replaceAll("'", "'\\''")}'`;
console.log(`engine=${quoted(engine.kind)}`);
console.log(`host=${quoted(engine.host)}`);
console.log(`client=(${clientCommand(engine).map(quoted).join(" ")})`);
console.log(`base_image=${quoted(values[`${project}:baseImage`])}`);
console.log(`image_registry=${quoted(values[`${project}:imageRegistry`])}`);
console.log(`image_source=${quoted(values[`${project}:imageSource`])}`);
console.log(`target=${quoted(values[`${project}:target`])}`);
console.log(`config_problems=${quoted(problems)}`);
