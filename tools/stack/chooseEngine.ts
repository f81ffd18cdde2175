import { existsSync } from "node:fs";
import { join } from "node:path";

import { Failure } from "../failure";
import { root } from "../programs";
import { fileOf, openStack } from "./openStack";

/**
 * Gives a new stack an engine of this kind.
 *
 * @throws {Failure} if the stack is on an engine of another kind.
 */
export async function chooseEngine(name: string, kind: string): Promise<void> {
  const isNew = !existsSync(join(root, fileOf(name)));
  const { pulumi, engine } = await openStack(name, { create: true });
  if (engine.kind === kind) {
    return;
  }
  if (!isNew) {
    throw new Failure(`Stack ${name} is on ${engine.kind} and cannot change its engine: choose another stack with STACK=...`);
  }
  await pulumi.setConfig("engine", { value: kind });
}
