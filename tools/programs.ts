import { spawn, spawnSync } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";

import { Command } from "../engine/cli";
import { Failure } from "./failure";

/** The project's folder, in which every command runs. */
export const root = join(__dirname, "..");

/** Runs a program with the terminal of this command. @throws {Failure} without a message: the program has printed the reason. */
export function runProgram(program: string, args: readonly string[]): void {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: "inherit" });
  if (error !== undefined) {
    throw error;
  }
  if (status !== 0) {
    throw new Failure("", status ?? 1);
  }
}

/**
 * Runs a program with the terminal of this command, and ends with its exit code. Other signals than Ctrl-C, which reaches the
 * program by itself, are passed on.
 *
 * @param stdin `open` gives the program an input without content that ends with this process.
 */
export function becomeProgram([program, ...args]: Command, stdin: "inherit" | "open" = "inherit"): Promise<void> {
  const child = spawn(program, args, { cwd: root, stdio: [stdin === "open" ? "pipe" : stdin, "inherit", "inherit"] });
  process.on("SIGINT", () => undefined);
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      process.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      resolve();
    });
  });
}

/** Leaves Ctrl-C to a program that runs meanwhile: it gets it too, and ends in its own way. */
export async function leavingInterrupts<T>(run: () => Promise<T>): Promise<T> {
  const ignore = () => undefined;
  process.on("SIGINT", ignore);
  try {
    return await run();
  } finally {
    process.off("SIGINT", ignore);
  }
}
