import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, realpathSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";

import { clientCommand } from "../../engine/cli";
import { workspacePath } from "../../spark/properties";
import { Failure } from "../failure";
import { becomeProgram } from "../programs";
import { runningContainer } from "../stack/containers";
import { openStack } from "../stack/openStack";

/**
 * Runs a Python script on the cluster, as a driver next to the notebooks; its output and exit code are passed through.
 *
 * @param app A file of this machine, relative to the folder of the user's shell; or a path of the shared volume.
 */
export async function submit(name: string, app: string, args: readonly string[]): Promise<void> {
  if (app === "") {
    throw new Failure('Which script? make submit APP=path/to/job.py ARGS="one two"');
  }
  const file = app.startsWith(`${workspacePath}/`) ? undefined : resolve(process.env.CALLED_FROM ?? ".", app);
  if (file !== undefined && statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new Failure(`There is no file ${app}.`);
  }
  const stack = await openStack(name);
  const ide = runningContainer(stack, "jupyterlab");
  const inside = (...command: string[]) => clientCommand(stack.engine, "exec", "--interactive", ide, ...command);
  const script = file === undefined ? app : copyOf(realpathSync(file), inside);
  // The script's input stays open as long as this command runs. When it ends, run-app ends the job; the engine would leave it
  // running.
  await becomeProgram(inside("run-app", script, ...args), "open");
}

/** Copies a script into the container. run-app deletes the copy. */
function copyOf(file: string, inside: (...command: string[]) => ReturnType<typeof clientCommand>): string {
  const copy = `/tmp/submit-${randomBytes(8).toString("hex")}/${basename(file)}`;
  const [program, ...args] = inside("sh", "-c", 'mkdir "${1%/*}" && cat > "$1"', "sh", copy);
  execFileSync(program, args, { input: readFileSync(file), stdio: ["pipe", "inherit", "inherit"] });
  return copy;
}
