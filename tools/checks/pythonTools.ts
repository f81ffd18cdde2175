import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

import { Failure } from "../failure";
import { root } from "../programs";
import { lastLine } from "./advisories";

/**
 * Installs the programs of a requirements file, which has their hashes, into a virtual environment of their own. It is moved into
 * place once it is complete, and made again when the file changes.
 *
 * @returns the folder of the programs. Start a Python program as `python -m`: its own first line has the path of before the move.
 * @throws {Failure} with what failed if they cannot be installed.
 */
export function pythonTools(name: string, requirements: string): string {
  const folder = join(root, "node_modules/.cache", name);
  const installed = join(folder, "requirements.txt");
  if (existsSync(installed) && readFileSync(installed, "utf8") === readFileSync(requirements, "utf8")) {
    return join(folder, "bin");
  }
  console.error(`Installing ${name} ...`);
  mkdirSync(dirname(folder), { recursive: true });
  const partial = mkdtempSync(`${folder}.partial-`);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"];
  run("python3", "-m", "venv", partial);
  run(join(partial, "bin/python"), ...pip, "--require-hashes", "--requirement", requirements);
  cpSync(requirements, join(partial, "requirements.txt"));
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
  return join(folder, "bin");
}

function run(program: string, ...args: string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { cwd: root, encoding: "utf8", timeout: 1_200_000 });
  if (status !== 0) {
    throw new Failure(error?.message ?? lastLine(stderr));
  }
}
