import { join } from "node:path";

import { ok } from "../../testbed/run";

/** docker compose, program and arguments; built first if the client has none. */
export async function composeCommand(): Promise<readonly string[]> {
  const printed = await ok(join(__dirname, "../alternatives/compose-plugin/compose.sh"), [], { timeout: 1200 });
  return printed.split("\n").filter(Boolean);
}

export async function composeVersion(): Promise<string> {
  const [program = "", ...words] = await composeCommand();
  return (await ok(program, [...words, "version", "--short"])).trim();
}
