import { Engine } from "../../engine/engine";
import { client } from "./client";

/** A container in which a notebook's code is run. */
export interface Place {
  readonly engine: Engine;
  readonly container: string;
  /** The Python that JupyterLab itself runs in, which begins kernels. */
  readonly labPython: string;
}

/** Runs a command in the container, which has to succeed, and returns what it printed. */
export function inside(
  place: Place,
  command: readonly string[],
  options: { input?: string; seconds?: number } = {},
): Promise<string> {
  const { input = "", seconds = 600 } = options;
  // It ends by itself, or it would go on in the container when nobody waits for it.
  const bounded = ["timeout", String(seconds), ...command];
  return client(place.engine, ["exec", "--interactive", place.container, ...bounded], { input, timeout: seconds + 20 });
}
