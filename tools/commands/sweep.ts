import { openStack } from "../stack/openStack";
import { sweep as sweepStack } from "../stack/sweep";

/** Clears what a killed run left half-made. */
export async function sweep(name: string): Promise<void> {
  await sweepStack(await openStack(name));
}
