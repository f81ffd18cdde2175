import { clientCommand } from "../../engine/cli";
import { labels } from "../../engine/labels";
import { becomeProgram } from "../programs";
import { locksOf, stacksEverLocked } from "../stack/fileBackend";
import { openStack } from "../stack/openStack";
import { checkFree } from "../stack/locks";

/**
 * Removes this project's unused images from the stack's engine. Images of the last hour stay, because a run with another state,
 * whose locks cannot be seen here, may have built them for containers that it has not created yet. A build takes at most an hour.
 *
 * @throws {Failure} if a run works on any stack of this state: no container may use its new images yet.
 */
export async function pruneImages(name: string): Promise<void> {
  const { engine } = await openStack(name);
  for (const stack of stacksEverLocked()) {
    checkFree(stack, locksOf(stack));
  }
  const prune = clientCommand(engine, "image", "prune", "--all", "--force", "--filter", `label=${labels.image}`);
  console.error(`Images that were built in the last hour stay. If nobody builds, this removes them too:\n  ${prune.join(" ")}`);
  await becomeProgram([...prune, "--filter", "until=1h"]);
}
