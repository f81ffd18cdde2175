import { clientCommand } from "../../engine/cli";
import { Engine } from "../../engine/engine";
import { ok } from "../run";
import * as here from "./here";

/** An empty engine. */
export interface SecondEngine {
  readonly engine: Engine;
  /** The address of this machine as the engine's containers see it. */
  readonly address: string;
}

/** Copies an image to an engine from this machine's engine of the same kind. */
export async function carryImage(image: string, to: Engine): Promise<void> {
  const commands = [clientCommand(here[to.kind], "save", image), clientCommand(to, "load")];
  await ok("bash", ["-c", `set -o pipefail; ${commands.map((command) => command.join(" ")).join(" | ")}`], { timeout: 600 });
}
