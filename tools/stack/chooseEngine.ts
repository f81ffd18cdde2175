import { Failure } from "../failure";
import { openStack } from "./openStack";

/**
 * Makes sure that a stack is on an engine of this kind. A new stack gets one.
 *
 * @throws {Failure} if the stack is on an engine of another kind.
 */
export async function chooseEngine(name: string, kind: string): Promise<void> {
  const { engine } = await openStack(name, { create: true, kind });
  if (engine.kind !== kind) {
    throw new Failure(`Stack ${name} is on ${engine.kind} and cannot change its engine: choose another stack with STACK=...`);
  }
}
