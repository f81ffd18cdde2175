import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

import { clientCommand } from "../../engine/cli";
import { Failure } from "../failure";
import { becomeProgram } from "../programs";
import { runningContainer } from "../stack/containers";
import { openStack } from "../stack/openStack";
import { Copies, fromShell, isAddress, pathInContainer } from "../submission/copies";

/** What is submitted. */
export interface Submission {
  /**
   * A script, a notebook, a jar, a folder or a zip of this machine, relative to the folder of the user's shell; or a path of the
   * workspace, or `local:` and a path of JupyterLab's container.
   */
  readonly app: string;
  /** The script or the notebook in a folder or a zip; empty for `main.py`. */
  readonly main: string;
  readonly args: readonly string[];
  /** Options of spark-submit. Their files are of this machine or of the workspace, as `app` is. */
  readonly options: readonly string[];
  /** Names of environment variables that the application gets. */
  readonly env: readonly string[];
}

/** Options and settings that contradict how the cluster runs a driver, and what to do instead. */
const refused: readonly (readonly [RegExp, string])[] = [
  [
    /^(--deploy-mode|spark\.submit\.deployMode)$/,
    "The driver always runs in JupyterLab's container, next to the workers. To leave the terminal while it runs: nohup make submit ... > job.log 2>&1 &",
  ],
  [/^(--master|spark\.master)$/, "The application runs on the stack's cluster. For another: make submit STACK=..."],
  [/^--properties-file$/, "It would replace the cluster's settings. Give each of its lines as --conf NAME=VALUE."],
  [/^--num-executors$/, "It has no effect here. Use --conf spark.cores.max=N, the number of cores of all executors."],
  [/^spark\.driver\.(host|bindAddress)$/, "Executors reach the driver at the address that the cluster sets."],
];

/** Runs an application on the cluster, as a driver next to the notebooks; its output and exit code are passed through. */
export async function submit(name: string, { app, main, args, options, env }: Submission): Promise<void> {
  checkApplication(app, main);
  checkOptions(options);
  checkVariables(env);
  const copies = new Copies();
  const file = copies.pathOf(app);
  const words = options.map((word, index) => copies.ofOption(options[index - 1] ?? "", word));

  const stack = await openStack(name);
  const ide = runningContainer(stack, "jupyterlab");
  const exec = (...words: string[]) => clientCommand(stack.engine, "exec", "--interactive", ...words);
  await copies.make((...command) => exec(ide, ...command));
  // The application's input stays open as long as this command runs. When it ends, run-app ends the job; the engine would leave it
  // running.
  const variables = env.flatMap((each) => ["--env", each]); // the client reads their values itself
  await becomeProgram(
    exec(...variables, ide, "run-app", copies.folder, file, main, String(words.length), ...words, ...args),
    "open",
  );
}

const kinds = "a script (.py), a notebook (.ipynb) or a jar (.jar), or a folder or a zip that has one";

/** @throws {Failure} if this is nothing that runs here. What is not on this machine is checked in the container. */
function checkApplication(app: string, main: string): void {
  if (app === "") {
    throw new Failure('Which application? make submit APP=path/to/job.py ARGS="one two"');
  }
  const isInside = pathInContainer(app) !== undefined;
  if (isAddress(app) && !isInside) {
    throw new Failure(`APP is a path, and not an address such as ${app}. Download it first, or copy it into the workspace.`);
  }
  const found = isInside ? undefined : statSync(fromShell(app), { throwIfNoEntry: false });
  const runs = main || "main.py";
  if (found?.isDirectory() === true && !existsSync(join(fromShell(app), runs))) {
    throw new Failure(`${app} has no ${runs}. Which file of it runs? make submit APP=${app} MAIN=...`);
  }
  const files = [...(found?.isFile() === true ? [app] : []), ...(main === "" ? [] : [main])];
  const wrong = files.find((each) => !/\.(py|ipynb|jar|zip)$/.test(each));
  if (wrong !== undefined || (found !== undefined && !found.isFile() && !found.isDirectory())) {
    throw new Failure(`${wrong ?? app} is not what APP takes: ${kinds}.`);
  }
  if (main !== "" && found?.isDirectory() !== true && /\.(py|ipynb|jar)$/.test(app)) {
    throw new Failure(`Leave out MAIN=${main}. It names the file that runs in a folder or a zip, and ${app} is a file itself.`);
  }
}

/** @throws {Failure} if an option contradicts how the cluster runs a driver. */
function checkOptions(options: readonly string[]): void {
  for (const [index, word] of options.entries()) {
    const isSetting = ["--conf", "-c"].includes(options[index - 1] ?? "") || word.startsWith("--conf=");
    const [name = "", value = options[index + 1] ?? ""] = (isSetting ? word.replace(/^--conf=/, "") : word).split("=");
    const why = refused.find(([pattern]) => (isSetting || name.startsWith("--")) && pattern.test(name))?.[1];
    if (why !== undefined) {
      throw new Failure(`Leave out ${name}. ${why}`);
    }
    if (/^(--executor-memory|spark\.executor\.memory)$/.test(name) && /^4[5-7]\dm$/i.test(value)) {
      throw new Failure(`${name} ${value} is too little: an executor needs 480m to start.`);
    }
  }
}

/** @throws {Failure} if this is not the name of a variable, or the variable is not set. */
function checkVariables(names: readonly string[]): void {
  for (const name of names) {
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      // Without its value, which may be a secret.
      const shown = JSON.stringify(name.replace(/=.*/s, "=..."));
      throw new Failure(
        `ENV takes names of environment variables, and not ${shown}: everybody on a machine can read a command line. ` +
          'For example: export DB_PASSWORD=..., then make submit ENV="DB_PASSWORD".',
      );
    }
    if (process.env[name] === undefined) {
      throw new Failure(
        `ENV names ${name}, which is not set in this shell, or not exported. Set it: read -rs ${name} && export ${name}`,
      );
    }
  }
}
