import { clientCommand } from "../../engine/cli";
import { Engine } from "../../engine/engine";
import { run } from "../run";
import { until } from "../until";

/** Waits until an engine that a test started responds. @throws after three minutes, with its log. */
export async function untilEngineAnswers(engine: Engine, log: () => Promise<string> = () => Promise.resolve("")): Promise<void> {
  const [program, ...args] = clientCommand(engine, "info");
  const answers = async () => (await run(program, args)).code === 0;
  await until(`the engine at ${engine.host} answers`, 180, answers).catch(async (error: unknown) => {
    throw new Error(`${String(error)}\n${await log()}`);
  });
}
