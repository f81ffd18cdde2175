import { readFileSync } from "node:fs";
import { join } from "node:path";

import { TestStack } from "../../testbed/testStack";

/** What `Notebook.run` of notebook.py gives back. */
export interface Cell {
  readonly stdout: string;
  readonly stderr: string;
  readonly html: readonly string[];
  readonly error: string;
  readonly progress: readonly Readonly<Record<string, unknown>>[];
  readonly told: number | null;
}

const notebook = readFileSync(join(__dirname, "notebook.py"), "utf8");

/** Runs Python with notebook.py in the environment of JupyterLab, and reads the JSON of its last line. */
export async function inNotebook<T>(stack: TestStack, source: string): Promise<T> {
  const whole = JSON.stringify(`${notebook}\n${source}`);
  const output = await stack.python(
    `import os; python = "/opt/jupyterlab/bin/python"; os.execv(python, [python, "-c", ${whole}])`,
    900,
  );
  return JSON.parse(output.trim().split("\n").at(-1)!) as T;
}
