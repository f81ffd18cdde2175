import { clientCommand } from "../../engine/cli";
import { labels } from "../../engine/labels";
import { becomeProgram } from "../programs";
import { openStack } from "../stack/openStack";

/** Removes this project's unused images from the stack's engine. */
export async function pruneImages(name: string): Promise<void> {
  const { engine } = await openStack(name);
  await becomeProgram(clientCommand(engine, "image", "prune", "--all", "--force", "--filter", `label=${labels.image}`));
}
