import { join } from "node:path";

import { clientCommand } from "../../engine/cli";
import { Engine } from "../../engine/engine";
import { runProgram } from "../programs";

const script = (name: string, ...args: string[]) => {
  runProgram(join(__dirname, name), args);
};

/** Installs the Pulumi CLI and its Docker plugin, in the versions of package.json. */
export function installPulumi(): void {
  script("pulumi.sh");
}

/** Starts the engine, and installs it if it is the default one of this machine. */
export function startEngine(engine: Engine): void {
  script("engine.sh", engine.kind, engine.host, ...clientCommand(engine));
}

/** Brings the base image to the engine. */
export function provideBaseImage(engine: Engine, image: string): void {
  script("base-image.sh", image, ...clientCommand(engine));
}
