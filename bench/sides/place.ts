import { Engine } from "../../engine/engine";
import { client } from "./client";

/** A container that runs a notebook's code. */
export interface Place {
  readonly engine: Engine;
  readonly container: string;
  /** JupyterLab's own Python, which starts kernels. */
  readonly labPython: string;
}

/** Runs a command in the container, which has to succeed, and returns its output. */
export function inside(
  place: Place,
  command: readonly string[],
  options: { input?: string; seconds?: number } = {},
): Promise<string> {
  const { input = "", seconds = 600 } = options;
  // With a timeout, or the command would keep running in the container after its client has ended.
  const bounded = ["timeout", String(seconds), ...command];
  return client(place.engine, ["exec", "--interactive", place.container, ...bounded], { input, timeout: seconds + 20 });
}
