import { ask, clientCommand } from "../../engine/cli";
import { Engine } from "../../engine/engine";
import { labels } from "../../engine/labels";
import { tried } from "../../engine/tried";
import { becomeProgram } from "../programs";
import { locksOf, stacksEverLocked } from "../stack/fileBackend";
import { openStack } from "../stack/openStack";
import { checkFree } from "../stack/locks";

/**
 * Removes this project's unused images from the stack's engine, and prints what frees Docker's build cache. Images of the last hour stay, because a run with another state,
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
  if (engine.kind === "docker") {
    explainBuildCache(engine);
  }
}

/** The build cache keeps the layers of removed images. It is not emptied here, because it belongs to all projects of the engine. */
function explainBuildCache(engine: Engine): void {
  const sizes = tried(() => ask(engine, "system", "df", "--format", "{{.Type}}: {{.Reclaimable}}"));
  const [, size = "0B"] = /^Build Cache: (\S+)/m.exec(sizes ?? "") ?? [];
  if (size !== "0B") {
    const command = clientCommand(engine, "builder", "prune", "--force").join(" ");
    console.error(
      `Docker's build cache has ${size} that no image uses: layers of removed images, and what other projects have built. ` +
        `This frees it; the next builds take longer:\n  ${command}`,
    );
  }
}
