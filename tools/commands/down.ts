import { startEngine } from "../machine/machine";
import { OpenStack } from "../stack/openStack";
import { pulumiDestroy } from "../stack/pulumiUp";
import { sweep } from "../stack/sweep";

/** Removes the cluster. Images stay as a cache; the data stays too, and the next `up` finds it. */
export async function down(stack: OpenStack): Promise<void> {
  startEngine(stack.engine);
  await sweep(stack);
  await pulumiDestroy(stack);
}
