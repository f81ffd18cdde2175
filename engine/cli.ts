import * as childProcess from "child_process";

import { environmentFor } from "./clientEnvironment";
import type { Engine } from "./engine";

/** Timeout of a query, in milliseconds. */
const patience = 60_000;
/** Limit of a client's output, in bytes. */
const maxBuffer = 64 * 1024 * 1024;

/** A command of the engine's own client, as program and arguments. */
export type Command = readonly [program: string, ...args: string[]];

/**
 * A command for one engine. It calls the engine's own client and not a library, because the client connects over ssh with the
 * user's own ssh settings, and because only Podman's own client can pass secrets to a build.
 */
export function clientCommand(engine: Engine, ...args: string[]): Command {
  // Without --remote, Podman's client would do the work itself instead of sending it to the engine.
  return engine.kind === "podman"
    ? ["podman", "--remote", "--url", engine.host, ...args]
    : ["docker", "--host", engine.host, ...args];
}

/** Runs a short command of the engine's client and returns its output. @throws an Error with the client's error output. */
export function ask(engine: Engine, ...args: string[]): string {
  return answerOf(engine, args);
}

/** Runs a command that takes no input in a container, and returns its output. @throws an Error with the client's error output. */
export function askInside(engine: Engine, container: string, ...command: string[]): string {
  return answerOf(engine, insideArguments(container, ...command), begin);
}

/** The input that releases a command of {@link insideArguments}: a newline on stdin. */
export const begin = "\n";

/**
 * The client's arguments for {@link askInside}. The command waits for {@link begin}, because Podman's client loses output that is
 * printed before it listens: version 4.3.1 once in a hundred times on a busy machine.
 */
export function insideArguments(container: string, ...command: string[]): string[] {
  return ["exec", "--interactive", container, "sh", "-c", 'read -r go; exec "$@"', "sh", ...command];
}

function answerOf(engine: Engine, args: readonly string[], input?: string): string {
  const [program, ...rest] = clientCommand(engine, ...args);
  try {
    return childProcess.execFileSync(program, rest, {
      env: environmentFor(engine),
      encoding: "utf8",
      timeout: patience,
      killSignal: "SIGKILL", // a client whose engine hangs may ignore others
      maxBuffer,
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      input,
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ETIMEDOUT") {
      const what = `${program} ${args[0] ?? ""}`;
      throw new Error(`the engine at ${engine.host} did not answer within ${patience / 1000} s (${what}).`, { cause: error });
    }
    throw code === "ENOENT" ? new Error(`${program}, the client of the engine, is not installed: ${message}`) : error;
  }
}

/** Like {@link ask}, but returns undefined if the object does not exist. @throws an Error if the engine does not respond. */
export function askUnlessMissing(engine: Engine, ...args: string[]): string | undefined {
  try {
    return ask(engine, ...args);
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return /no such (image|volume|object|task)|image not known|task \S+ not found/i.test((error as Error).message);
}

/**
 * Lists objects and inspects them. A swarm replaces failed tasks, so an object may disappear between the two commands; then both
 * are repeated.
 *
 * @throws an Error if the engine does not respond, or if an object disappears in each of five attempts.
 */
export function inspectListed(engine: Engine, list: readonly string[], inspect: readonly string[]): unknown[] {
  for (let left = 4; ; left--) {
    const ids = ask(engine, ...list)
      .split("\n")
      .filter(Boolean);
    try {
      return ids.length === 0 ? [] : (JSON.parse(ask(engine, ...inspect, ...ids)) as unknown[]);
    } catch (error) {
      if (left === 0 || !isMissing(error)) {
        throw error;
      }
    }
  }
}

/**
 * Runs a long command of the engine's client asynchronously, with an optional input, until it ends or the signal is aborted.
 *
 * @throws an Error with the client's whole output.
 */
export function work(
  engine: Engine,
  options: { readonly seconds: number; readonly input?: string; readonly signal?: AbortSignal },
  ...args: string[]
): Promise<string> {
  const [program, ...rest] = clientCommand(engine, ...args);
  return new Promise((resolve, reject) => {
    const { seconds, signal } = options;
    const settings = { encoding: "utf8", timeout: seconds * 1000, maxBuffer, env: environmentFor(engine), signal } as const;
    const child = childProcess.execFile(program, rest, settings, (error, stdout, stderr) => {
      if (error === null) {
        resolve(stdout);
      } else {
        const late = error.killed === true ? `It was ended after ${seconds} s.` : "";
        reject(new Error([stdout, stderr, late].join("").trim() || error.message));
      }
    });
    child.stdin?.on("error", () => undefined); // the client may end before it has read all input
    child.stdin?.end(options.input ?? "");
  });
}

/** The last 20 lines of a container's log, stdout and stderr, indented. For other logs, `command` replaces `logs`. */
export function lastLines(engine: Engine, id: string, command: readonly string[] = ["logs"]): string {
  const [program, ...args] = clientCommand(engine, ...command, "--tail", "20", id);
  const options = { encoding: "utf8", timeout: patience, env: environmentFor(engine) } as const;
  const { stdout, stderr } = childProcess.spawnSync(program, args, options);
  return [stdout, stderr].join("").trimEnd().replace(/^/gm, "    "); // both are null if there is no client
}
