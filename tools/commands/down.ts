import { startEngine } from "../machine/machine";
import { openStack } from "../stack/openStack";
import { pulumiDestroy } from "../stack/pulumiUp";
import { sweep } from "../stack/sweep";

/** Removes the cluster. Images stay as a cache; the data stays too, and the next `up` finds it. */
export async function down(name: string, kind?: string): Promise<void> {
  const stack = await openStack(name, { kind });
  startEngine(stack.engine);
  await sweep(stack);
  await pulumiDestroy(stack);
}
