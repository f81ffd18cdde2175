import { ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { text } from "node:stream/consumers";

import { Command } from "../../engine/cli";
import { workspacePath } from "../../spark/properties";
import { Failure } from "../failure";

/** Options and settings of spark-submit whose values are files, separated by commas. */
const lists = [
  ...["--py-files", "--files", "--jars", "--archives"],
  ...["spark.submit.pyFiles", "spark.files", "spark.jars", "spark.archives"],
];

/** The same for class paths, separated by colons. Spark ignores entries that do not exist. */
const classPaths = ["--driver-class-path", "spark.driver.extraClassPath", "spark.executor.extraClassPath"];

/** What tools can make again, by its name; the last are locks of Emacs, which are links to nowhere. */
const skipped = [".git", ".hg", ".svn", "node_modules", "__pycache__", ".#*"].map((each) => `--exclude=${each}`);

/**
 * Files that tell a virtual environment, whose programs would not run in the container, and a cache (bford.info/cachedir), as those of
 * mypy, pytest, ruff and tox. A folder's name, such as `venv` or `build`, does not tell.
 */
const tags: readonly (readonly [file: string, option: string])[] = [
  ["pyvenv.cfg", "--exclude-tag-all=pyvenv.cfg"],
  ["conda-meta", "--exclude-tag-all=conda-meta"],
  ["CACHEDIR.TAG", "--exclude-caches-all"],
];

/** Options of tar for what is not copied of a folder. What the folder itself is, is no reason. */
function exclusions(source: string): string[] {
  return [...skipped, ...tags.flatMap(([file, option]) => (existsSync(join(source, file)) ? [] : [option]))];
}

/** Whether a path is an address, such as `s3a://...` or `local:/...`. */
export function isAddress(path: string): boolean {
  return /^[a-z][\w+.-]*:\//i.test(path);
}

/** The path in the container of a file of the workspace, or of `local:` as Spark writes it; undefined for a file of this machine. */
export function pathInContainer(path: string): string | undefined {
  return path.startsWith(`${workspacePath}/`) ? path : /^local:(?:\/\/)?(\/.*)$/s.exec(path)?.[1];
}

/**
 * A path of this machine. It is relative to the folder of the user's shell, which `make -C` leaves. A program that starts make in a
 * folder, as Python's subprocess does, names another as its shell's: then it is relative to make's folder.
 */
export function fromShell(path: string): string {
  const { CALLED_FROM = ".", STARTED_IN = "." } = process.env;
  const [ofShell, ofMake] = [resolve(CALLED_FROM, path), resolve(STARTED_IN, path)];
  if (ofShell === ofMake || !existsSync(ofMake)) {
    return ofShell;
  }
  const isOfShell = existsSync(ofShell);
  if (isOfShell && path !== ".") {
    console.error(`${path} is ${ofShell}, and not ${ofMake}.`);
  }
  return isOfShell ? ofShell : ofMake;
}

/** The files of a pattern as bash has it, which Spark's is; none if there is no such file. */
function matching(pattern: string): string[] {
  // Without IFS, and by a variable, the text is a pattern and nothing else to bash.
  const { stdout } = spawnSync("bash", ["-c", `IFS=; shopt -s nullglob; printf '%s\\0' $1`, "bash", pattern], {
    cwd: fromShell("."), // its name is no pattern
    encoding: "utf8",
  });
  return stdout.split("\0").filter(Boolean);
}

/** Copies of this machine's files in a folder of the workspace, so that functions on the workers import its modules too. */
export class Copies {
  readonly folder = `${workspacePath}/.spark-cluster/temporary/jupyterlab/submit-${randomBytes(8).toString("hex")}`;
  private readonly sources: string[] = [];

  /**
   * The path of a file or a folder in the container.
   *
   * @throws {Failure} if it is not there.
   */
  pathOf(path: string): string {
    const inside = pathInContainer(path);
    if (inside !== undefined) {
      return inside;
    }
    const source = fromShell(path);
    if (!existsSync(source)) {
      const advice = isAbsolute(path) ? ` For a file of JupyterLab's container: local://${path}` : "";
      throw new Failure(`There is no file ${source} on this machine.${advice}`);
    }
    const index = this.sources.includes(source) ? this.sources.indexOf(source) : this.sources.push(source) - 1;
    return `${this.folder}/${index}/${basename(source)}`;
  }

  /** A word of spark-submit's options, with the paths of copies in the place of this machine's files. */
  ofOption(before: string, word: string): string {
    const isSetting = ["--conf", "-c"].includes(before) || word.startsWith("--conf=");
    const [, head = "", option = "", value = ""] = (isSetting ? /^((?:--conf=)?([^=]*)=)(.*)$/s : /^((--[\w-]+)=)(.*)$/s).exec(
      word,
    ) ?? ["", "", before, word];
    if (lists.includes(option)) {
      const each = value.split(",").flatMap((path) => this.ofList(path));
      return head + each.join(",");
    }
    if (classPaths.includes(option)) {
      const each = value.split(":").map((path) => this.ofClassPath(path));
      return head + each.join(":");
    }
    return word;
  }

  private ofList(each: string): string[] {
    const [, path = "", alias = ""] = /^([^#]*)(#.*)?$/s.exec(each) ?? [];
    if (path === "" || isAddress(path)) {
      return [each];
    }
    const isPattern = /[*?[]/.test(path) && pathInContainer(path) === undefined && !existsSync(fromShell(path));
    const found = isPattern ? matching(path) : [];
    return (found.length > 0 ? found : [path]).map((file) => this.pathOf(file) + alias);
  }

  private ofClassPath(each: string): string {
    const [, path = "", all = ""] = /^(.*?)(\/\*)?$/s.exec(each) ?? [];
    return path === "" || !existsSync(fromShell(path)) ? each : this.pathOf(path) + all;
  }

  /** @throws {Failure} if a file cannot be read or copied. */
  async make(inside: (...command: string[]) => Command): Promise<void> {
    for (const [index, source] of this.sources.entries()) {
      const tar = spawn("tar", ["-chf", "-", ...exclusions(source), "-C", dirname(source), "--", basename(source)], {
        stdio: ["ignore", "pipe", "pipe"],
      });
      const [program, ...args] = inside("sh", "-c", 'mkdir -p "$1" && exec tar -xf - -C "$1"', "sh", `${this.folder}/${index}`);
      const copy = spawn(program, args, { stdio: ["pipe", "inherit", "inherit"] });
      copy.stdin.on("error", () => tar.kill()); // it has ended early, with a message of its own
      tar.stdout.pipe(copy.stdin);
      const codeOf = (child: ChildProcess) => once(child, "exit").then(([code]) => code as number | null);
      const [read, written, said] = await Promise.all([codeOf(tar), codeOf(copy), text(tar.stderr)]);
      // 1: a file has changed or gone while it was read, or a link leads nowhere. All others are copied.
      if (![0, 1].includes(read ?? 2) || written !== 0) {
        const [remove, ...words] = inside("rm", "-rf", this.folder);
        spawnSync(remove, words, { stdio: "ignore" });
        throw new Failure(`${said}${source} could not be copied into the cluster.`);
      }
    }
  }
}
