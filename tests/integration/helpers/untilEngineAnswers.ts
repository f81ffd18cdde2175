import { clientCommand } from "../../../engine/cli";
import { Engine } from "../../../engine/engine";
import { run } from "./run";

/** Waits until an engine that a test started answers. @throws after three minutes, with what its log says. */
export async function untilEngineAnswers(engine: Engine, log: () => Promise<string> = () => Promise.resolve("")): Promise<void> {
  const [program, ...args] = clientCommand(engine, "info");
  for (const deadline = Date.now() + 180_000; (await run(program, args)).code !== 0;) {
    if (Date.now() > deadline) {
      throw new Error(`the engine at ${engine.host} does not answer:\n${await log()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
