import { spawn, spawnSync, SpawnSyncOptions } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";

import { Command } from "../engine/cli";
import { Failure } from "./failure";

/** The project's folder, in which every command runs. */
export const root = join(__dirname, "..");

/**
 * Runs a program, by default with the terminal of this command.
 *
 * @throws {Failure} without a message: the program has printed the reason.
 */
export function runProgram(program: string, args: readonly string[], options: SpawnSyncOptions = {}): void {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: "inherit", ...options });
  if (error !== undefined) {
    throw error;
  }
  if (status !== 0) {
    throw new Failure("", status ?? 1);
  }
}

/**
 * Runs a program with the terminal of this command, and ends with its exit code. Signals are passed on to the program, with two
 * exceptions: a terminal sends Ctrl-C to the program itself, and after `nohup` a hangup ends neither of the two.
 *
 * @param stdin `open` gives the program an input without content that ends with this process.
 */
export function becomeProgram([program, ...args]: Command, stdin: "inherit" | "open" = "inherit"): Promise<void> {
  const survivesHangup = process.env.SURVIVES_HANGUP === "true"; // Node itself forgets what nohup has set
  const child = spawn(program, args, {
    cwd: root,
    stdio: [stdin === "open" ? "pipe" : stdin, "inherit", "inherit"],
    detached: survivesHangup,
  });
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  process.on("SIGHUP", () => survivesHangup || child.kill("SIGHUP"));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      process.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      resolve();
    });
  });
}

/** Whether a program runs that must not be cut off, because it changes a cluster. */
let isChanging = false;

/**
 * Runs a program that changes a cluster. Ctrl-C is left to the program: it gets it too, and ends in its own way.
 *
 * @throws {Failure} without a message and with exit code 130 if the program fails after Ctrl-C.
 */
export async function changing<T>(run: () => Promise<T>): Promise<T> {
  const heard = { interrupt: false };
  const note = () => (heard.interrupt = true);
  process.on("SIGINT", note);
  isChanging = true;
  try {
    return await run();
  } catch (error) {
    throw heard.interrupt ? new Failure("", 130) : error;
  } finally {
    isChanging = false;
    process.off("SIGINT", note);
  }
}

/** Ends this process when the reader of its output has read enough, as `head` does; but not while a cluster is changed. */
export function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") {
      throw error;
    }
    if (!isChanging) {
      process.exit(0);
    }
  });
}
