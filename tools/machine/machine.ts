import { join } from "node:path";

import { clientCommand } from "../../engine/cli";
import { Engine } from "../../engine/engine";
import { runProgram } from "../programs";
import { ignoreSalts } from "../stack/git";

const script = (name: string, ...args: string[]) => {
  runProgram(join(__dirname, name), args);
};

/** Installs everything that a bare `pulumi up` needs on this machine, except an engine. Finished steps are not repeated. */
export function setup(): void {
  script("pulumi.sh");
  ignoreSalts();
}

/** As {@link setup}, {@link startEngine} and {@link provideBaseImage}, at the same time. */
export function setupBesideEngine(engine: Engine, baseImage: string | undefined): void {
  script("beside.sh", engine.kind, engine.host, baseImage ?? "", ...clientCommand(engine));
  ignoreSalts();
}

/** Starts the engine, and installs it if it is the default one of this machine. */
export function startEngine(engine: Engine): void {
  script("engine.sh", engine.kind, engine.host, ...clientCommand(engine));
}

/** Brings the base image to the engine. */
export function provideBaseImage(engine: Engine, image: string): void {
  script("base-image.sh", image, ...clientCommand(engine));
}
