import { provideBaseImage, startEngine } from "../machine/machine";
import { configOf, OpenStack, valueOf } from "./openStack";
import { sweep } from "./sweep";

/**
 * Prepares an `up`: starts the engine, gets the base image, and cleans up after a killed run.
 *
 * @throws {ConfigError} for wrong values, before anything is installed, started or pulled.
 */
export async function prepareStack(stack: OpenStack): Promise<void> {
  configOf(stack);
  startEngine(stack.engine);
  if (valueOf(stack, "imageSource") !== "pull") {
    provideBaseImage(stack.engine, valueOf(stack, "baseImage"));
  }
  await sweep(stack);
}
