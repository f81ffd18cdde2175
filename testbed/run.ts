import { spawn } from "node:child_process";

/** Exit code and output of a command. */
export interface Result {
  readonly code: number | null;
  readonly stdout: string;
  /** Both streams, in the order of their arrival. */
  readonly output: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** Seconds until the command and its children are killed; 300 by default. */
  readonly timeout?: number;
  /** Called with the process id of the command, which leads its own process group. */
  readonly onStart?: (pid: number) => void;
  /** Called with the output of both streams so far, each time that more arrives. */
  readonly onOutput?: (output: string) => void;
}

/** Runs a command to its end. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Result> {
  return new Promise((resolve, reject) => {
    // Jest gives tests their own environment, which a child gets only if it is passed.
    const { cwd, env = process.env } = options;
    const child = spawn(command, args, { cwd, env, detached: true, stdio: "pipe" });
    const timer = setTimeout(
      () => {
        endGroup(child.pid);
      },
      (options.timeout ?? 300) * 1000,
    );
    let stdout = "";
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString();
        options.onOutput?.(output);
      });
    }
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, output });
    });
    child.stdin.on("error", () => undefined); // it may end before it has read everything
    child.stdin.end(options.input ?? "");
    if (child.pid !== undefined) {
      options.onStart?.(child.pid);
    }
  });
}

/** Ends a process group that {@link run} started, by default like a power cut. */
export function endGroup(pid: number | undefined, signal: "SIGKILL" | "SIGINT" = "SIGKILL"): void {
  try {
    process.kill(-(pid ?? NaN), signal);
  } catch {
    // It has already ended.
  }
}

/** Runs a command that has to succeed, and returns its standard output. */
export async function ok(command: string, args: readonly string[], options?: RunOptions): Promise<string> {
  return succeeded(`${command} ${args.join(" ")}`, await run(command, args, options)).stdout;
}

/** @throws unless a command succeeded, with the end of its output. */
export function succeeded(what: string, result: Result): Result {
  if (result.code !== 0) {
    throw new Error(`${what} ended with ${String(result.code)}:\n${result.output.slice(-8000)}`);
  }
  return result;
}
