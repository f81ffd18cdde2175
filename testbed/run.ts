import { spawn } from "node:child_process";

/** How a command ended, and all that it printed. */
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
  /** Seconds until the command and its children are ended; 300 unless told. */
  readonly timeout?: number;
  /** Told the process id of the command, which leads a process group of its own. */
  readonly onStart?: (pid: number) => void;
  /** Told what has arrived on both streams, each time that more does. */
  readonly onOutput?: (output: string) => void;
}

/** Runs a command to its end. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Result> {
  return new Promise((resolve, reject) => {
    // jest gives tests an environment of their own, which a child has only if it is handed on.
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

/** Ends a process group that {@link run} began, by default as a power cut would. */
export function endGroup(pid: number | undefined, signal: "SIGKILL" | "SIGINT" = "SIGKILL"): void {
  try {
    process.kill(-(pid ?? NaN), signal);
  } catch {
    // It has ended by itself.
  }
}

/** Runs a command that has to succeed and returns what it printed to standard output. */
export async function ok(command: string, args: readonly string[], options?: RunOptions): Promise<string> {
  const result = await run(command, args, options);
  if (result.code !== 0) {
    throw new Error(`${command} ${args.join(" ")} ended with ${String(result.code)}:\n${result.output.slice(-6000)}`);
  }
  return result.stdout;
}
