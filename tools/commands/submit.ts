import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

import { clientCommand, Command } from "../../engine/cli";
import { workspacePath } from "../../spark/properties";
import { Failure } from "../failure";
import { becomeProgram } from "../programs";
import { runningContainer } from "../stack/containers";
import { openStack } from "../stack/openStack";

/** What is submitted. */
export interface Submission {
  /** A script, a notebook, a folder or a zip of this machine, relative to the folder of the user's shell; or a path of the workspace. */
  readonly app: string;
  /** The script or the notebook in a folder or a zip; empty for `main.py`. */
  readonly main: string;
  readonly args: readonly string[];
  /** Options of spark-submit. Their files are of this machine or of the workspace, as `app` is. */
  readonly options: readonly string[];
  /** Names of environment variables that the application gets. */
  readonly env: readonly string[];
}

/** Options of spark-submit whose values are files, separated by commas. */
const fileOptions = ["--py-files", "--files", "--jars", "--archives"];

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
  if (app === "") {
    throw new Failure('Which application? make submit APP=path/to/job.py ARGS="one two"');
  }
  checkOptions(options);
  checkVariables(env);
  const copies = new Copies();
  const file = copies.pathOf(app);
  const isLocal = file !== app;
  const isFolder = isLocal && statSync(fromShell(app)).isDirectory();
  if (isFolder && !existsSync(join(fromShell(app), main || "main.py"))) {
    throw new Failure(`${app} has no ${main || "main.py"}. Which file of it runs? make submit APP=${app} MAIN=...`);
  }
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

/** A path of this machine, relative to the folder of the user's shell. */
function fromShell(path: string): string {
  return resolve(process.env.CALLED_FROM ?? ".", path);
}

/** What a project has beside its sources; the last are locks of Emacs, which are links to nowhere. */
const skipped = [".git", ".venv", "node_modules", "__pycache__", ".#*"].map((each) => `--exclude=${each}`);

/** Copies of this machine's files in a folder of the workspace, so that functions on the workers import its modules too. */
class Copies {
  readonly folder = `${workspacePath}/.spark-cluster/temporary/jupyterlab/submit-${randomBytes(8).toString("hex")}`;
  private readonly sources: string[] = [];

  /**
   * The path of a file or a folder in the container.
   *
   * @throws {Failure} if it is not there.
   */
  pathOf(path: string): string {
    if (path.startsWith(`${workspacePath}/`)) {
      return path;
    }
    const source = fromShell(path);
    if (!existsSync(source)) {
      throw new Failure(`There is no file ${path}.`);
    }
    const index = this.sources.includes(source) ? this.sources.indexOf(source) : this.sources.push(source) - 1;
    return `${this.folder}/${index}/${basename(source)}`;
  }

  /** A word of spark-submit's options, with the paths of copies in the place of this machine's files. */
  ofOption(before: string, word: string): string {
    const [, option = "", value = ""] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? ["", before, word];
    if (!fileOptions.includes(option)) {
      return word;
    }
    const copied = value.split(",").map((each) => {
      const [, path = "", alias = ""] = /^([^#]*)(#.*)?$/s.exec(each) ?? [];
      return path === "" || /^\w+:\/\//.test(path) ? each : `${this.pathOf(path)}${alias}`;
    });
    return word.slice(0, word.length - value.length) + copied.join(",");
  }

  /** @throws {Failure} if a file cannot be read or copied. */
  async make(inside: (...command: string[]) => Command): Promise<void> {
    for (const [index, source] of this.sources.entries()) {
      const tar = spawn("tar", ["-chf", "-", ...skipped, "-C", dirname(source), "--", basename(source)], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const [program, ...args] = inside("sh", "-c", 'mkdir -p "$1" && exec tar -xf - -C "$1"', "sh", `${this.folder}/${index}`);
      const copy = spawn(program, args, { stdio: ["pipe", "inherit", "inherit"] });
      copy.stdin.on("error", () => tar.kill()); // it has ended early, with a message of its own
      tar.stdout.pipe(copy.stdin);
      const codes = await Promise.all([tar, copy].map((each) => once(each, "exit")));
      if (codes.some(([code]) => code !== 0)) {
        const [remove, ...words] = inside("rm", "-rf", this.folder);
        spawnSync(remove, words, { stdio: "ignore" });
        throw new Failure(`${source} could not be copied into the cluster.`);
      }
    }
  }
}
