import * as childProcess from "child_process";

import { Engine } from "./engine";

/** How long a question to the engine may take, in milliseconds. */
const patience = 60_000;
/** How much a client may print, in bytes. */
const maxBuffer = 64 * 1024 * 1024;

/** A command of the engine's own client, which talks to the engine and to no other: program and arguments. */
export type Command = readonly [program: string, ...args: string[]];

/**
 * A command for an engine: its own client, not a library, because the client goes the same way over ssh, with the person's own ssh
 * settings, and because only Podman's own client may hand secrets to a build.
 */
export function clientCommand(engine: Engine, ...args: string[]): Command {
  // --remote, or Podman's client would ask nobody and do the work itself.
  return engine.kind === "podman"
    ? ["podman", "--remote", "--url", engine.host, ...args]
    : ["docker", "--host", engine.host, ...args];
}

/** Asks the engine for something that it knows at once. @throws an Error with the client's last words. */
export function ask(engine: Engine, ...args: string[]): string {
  return answerOf(clientCommand(engine, ...args));
}

/** Has a container answer by a command that takes no input. @throws an Error with the client's last words. */
export function askInside(engine: Engine, container: string, ...command: string[]): string {
  return answerOf(clientCommand(engine, ...insideArguments(container, ...command)), begin);
}

/** The input at which a command begins that a client was told of by {@link insideArguments}. */
export const begin = "\n";

/**
 * What to tell a client for {@link askInside}, whose command waits for {@link begin}: what one prints before Podman's client listens is
 * lost, by 4.3.1 once in a hundred times on a busy machine.
 */
export function insideArguments(container: string, ...command: string[]): string[] {
  return ["exec", "--interactive", container, "sh", "-c", 'read -r go; exec "$@"', "sh", ...command];
}

function answerOf([program, ...args]: Command, input?: string): string {
  return childProcess.execFileSync(program, args, {
    encoding: "utf8",
    timeout: patience,
    maxBuffer,
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    input,
  });
}

/** The same about a thing that may not be there; undefined where it is not. @throws if the engine does not answer. */
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
 * What a command lists, inspected. A swarm replaces what fails, so that a thing may be gone between the two: then the list is made anew.
 *
 * @throws if the engine does not answer, or if something is gone each of five times.
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
 * Has the engine do something that may take long, with something to read for it, while others go on.
 *
 * @throws an Error with all that the client wrote.
 */
export function work(
  engine: Engine,
  options: { readonly seconds: number; readonly input?: string },
  ...args: string[]
): Promise<string> {
  const [program, ...rest] = clientCommand(engine, ...args);
  return new Promise((resolve, reject) => {
    const settings = { encoding: "utf8", timeout: options.seconds * 1000, maxBuffer } as const;
    const child = childProcess.execFile(program, rest, settings, (error, stdout, stderr) => {
      if (error === null) {
        resolve(stdout);
      } else {
        const late = error.killed === true ? `It was ended after ${options.seconds} s.` : "";
        reject(new Error([stdout, stderr, late].join("").trim() || error.message));
      }
    });
    child.stdin?.on("error", () => undefined); // it may end before it has read everything
    child.stdin?.end(options.input ?? "");
  });
}

/** What a container wrote last, both of its streams. */
export function lastLogLines(engine: Engine, container: string, count: number): string {
  return bothStreams(engine, "logs", "--tail", String(count), container);
}

/** What a service or a task of a swarm wrote last, both of its streams. */
export function lastServiceLines(engine: Engine, task: string, count: number): string {
  return bothStreams(engine, "service", "logs", "--raw", "--tail", String(count), task);
}

function bothStreams(engine: Engine, ...command: string[]): string {
  const [program, ...args] = clientCommand(engine, ...command);
  const { stdout, stderr } = childProcess.spawnSync(program, args, { encoding: "utf8", timeout: patience });
  return [stdout, stderr].join("").trimEnd(); // null, not text, where there is no client
}
