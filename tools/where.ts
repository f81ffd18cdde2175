// Prints, for a shell to evaluate, the engine that the stack lives on, the client that talks to it, and what the stack's images are
// made from. where.ts ENGINE prints it for that engine's default socket and the project's defaults.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { clientCommand } from "../engine/cli";
import { configValues, engineOf, project } from "./stack";

function defaults(engine: string): Record<string, string> {
  const file = readFileSync(join(__dirname, "../Pulumi.yaml"), "utf8");
  const { config } = parse(file) as { config: Readonly<Record<string, { readonly default: unknown }>> };
  const values = Object.entries(config).map(([key, { default: value }]) => [`${project}:${key}`, String(value)]);
  return { ...(Object.fromEntries(values) as Record<string, string>), [`${project}:engine`]: engine };
}

const [, , kind] = process.argv;
const values = kind === undefined ? configValues() : defaults(kind);
const engine = engineOf(values);
const quoted = (text = "") => `'${text.replaceAll("'", "'\\''")}'`;
console.log(`engine=${quoted(engine.kind)}`);
console.log(`host=${quoted(engine.host)}`);
console.log(`client=(${clientCommand(engine).map(quoted).join(" ")})`);
console.log(`base_image=${quoted(values[`${project}:baseImage`])}`);
console.log(`image_registry=${quoted(values[`${project}:imageRegistry`])}`);
console.log(`image_source=${quoted(values[`${project}:imageSource`])}`);
