import { buildStage, hasImage, Recipe } from "../engine/builds";
import { Engine } from "../engine/engine";
import { actionResource } from "./actionResource";

interface Stage {
  readonly engine: Engine;
  /** The reference of the image that needs the stage. */
  readonly image: string;
  readonly stage: string;
  readonly recipe: Omit<Recipe, "reference">;
  /** A hash of what the stage is made of. */
  readonly content: string;
}

/**
 * A stage of an image, built into the engine's cache while the image's parent is still being built. Deleting this resource does
 * nothing.
 */
export const StageBuild = actionResource<Stage>("StageBuild", { id: "built", watched: ["content"], act: buildUnlessThere });

async function buildUnlessThere({ engine, image, stage, recipe }: Stage): Promise<void> {
  if (!hasImage(engine, image)) {
    await buildStage(engine, stage, recipe);
  }
}
