import { clientCommand } from "../../engine/cli";
import { Engine } from "../../engine/engine";
import { ok, RunOptions } from "../../testbed/run";

/** Runs a command of the engine's client, which has to succeed, and returns its output. */
export function client(engine: Engine, args: readonly string[], options?: RunOptions): Promise<string> {
  const [program, ...rest] = clientCommand(engine, ...args);
  return ok(program, rest, options);
}
