import { clientCommand } from "../../engine/cli";
import { Engine } from "../../engine/engine";
import { ok, RunOptions } from "../../testbed/run";

/** Has the engine's own client do something, which has to succeed, and returns what it printed. */
export function client(engine: Engine, args: readonly string[], options?: RunOptions): Promise<string> {
  const [program, ...rest] = clientCommand(engine, ...args);
  return ok(program, rest, options);
}
