import { ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { clientCommand } from "../engine/cli";
import { TestStack } from "./testStack";

/** Runs a cell for each line of input, all in one namespace, and prints one line for each. */
const kernel = `
import contextlib, io, json, sys, traceback
names = {"__name__": "__main__"}
for line in sys.stdin:
    said, failed = io.StringIO(), False
    with contextlib.redirect_stdout(said):
        try:
            exec(json.loads(line), names)
        except BaseException:
            failed = True
            traceback.print_exc(file=said)
    print(json.dumps({"said": said.getvalue(), "failed": failed}), flush=True)
`;

interface Waiting {
  readonly resolve: (said: string) => void;
  readonly reject: (error: Error) => void;
}

/** A Python process in the IDE's container that keeps its session while tests observe the cluster from outside. */
export class OpenNotebook {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly waiting: Waiting[] = [];
  private lastWords = "";
  private readonly closed: Promise<void>;

  /** @param seconds after which the process is ended in any case. */
  constructor(stack: TestStack, seconds: number) {
    const inside = ["timeout", String(seconds), "python3", "-c", kernel];
    const [program, ...args] = clientCommand(stack.engine, "exec", "--interactive", stack.nameOf("jupyterlab"), ...inside);
    this.process = spawn(program, args);
    this.process.stderr.on("data", (chunk: Buffer) => (this.lastWords = (this.lastWords + chunk.toString()).slice(-4000)));
    this.process.stdin.on("error", () => undefined); // it may end before it has read everything
    createInterface(this.process.stdout).on("line", (line) => {
      this.answer(line);
    });
    this.closed = once(this.process, "close").then(() => {
      for (const { reject } of this.waiting.splice(0)) {
        reject(this.end());
      }
    });
  }

  /** Runs a cell after the earlier ones, and returns its output. */
  run(source: string): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.process.exitCode !== null || this.process.signalCode !== null) {
        reject(this.end());
        return;
      }
      this.waiting.push({ resolve, reject });
      this.process.stdin.write(`${JSON.stringify(source)}\n`);
    });
  }

  async close(): Promise<void> {
    this.process.stdin.end();
    await this.closed;
  }

  private end(): Error {
    return new Error(`the notebook ended:\n${this.lastWords}`);
  }

  private answer(line: string): void {
    const { said, failed } = JSON.parse(line) as { said: string; failed: boolean };
    const next = this.waiting.shift();
    if (failed) {
      next?.reject(new Error(said));
    } else {
      next?.resolve(said);
    }
  }
}
