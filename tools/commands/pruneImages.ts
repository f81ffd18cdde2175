import { clientCommand } from "../../engine/cli";
import { labels } from "../../engine/labels";
import { becomeProgram } from "../programs";
import { stacksEverLocked } from "../stack/fileBackend";
import { openStack } from "../stack/openStack";
import { checkFree } from "../stack/sweep";

/**
 * Removes this project's unused images from the stack's engine.
 *
 * @throws {Failure} if a run works on any stack: no container may use its new images yet.
 */
export async function pruneImages(name: string): Promise<void> {
  const { engine } = await openStack(name);
  stacksEverLocked().forEach(checkFree);
  await becomeProgram(clientCommand(engine, "image", "prune", "--all", "--force", "--filter", `label=${labels.image}`));
}
