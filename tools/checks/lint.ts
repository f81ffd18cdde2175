import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { Failure } from "../failure";
import { root } from "../programs";
import { pythonTools } from "./pythonTools";

const env = { ...process.env, PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH ?? ""}` };

/** Runs a program with the terminal of this command, and returns whether it succeeded. */
function passes(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] }).status === 0;
}

/**
 * Checks types, style, Dockerfiles, shell scripts and Go formatting. Every check runs.
 *
 * @throws {Failure} with the names of those that failed.
 */
export function lint(): void {
  const files = knownFiles();
  try {
    env.PATH = `${pythonTools("lint", join(__dirname, "lint-requirements.txt"))}:${env.PATH}`;
  } catch (error) {
    if (!(error instanceof Failure)) {
      throw error;
    }
    console.error(`hadolint and ShellCheck could not be installed; using those on the PATH. ${error.message}`);
  }
  const checks: Readonly<Record<string, () => boolean>> = {
    types: () => passes("tsc", "--noEmit"),
    eslint: () => passes("eslint", "--max-warnings", "0", "."),
    prettier: () => passes("prettier", "--check", "."),
    hadolint: () => passesOn(files.filter(isDockerfile), "hadolint"),
    shellcheck: () => passesOn(files.filter(isShellScript), "shellcheck", "--external-sources"),
    gofmt: isGoFormatted,
  };
  const failed = Object.entries(checks).filter(([name, check]) => {
    console.error(`== ${name}`);
    return !check();
  });
  if (failed.length > 0) {
    throw new Failure(`Failed: ${failed.map(([name]) => name).join(" ")}`);
  }
  console.error("No problems found.");
}

/** The existing files that git tracks or would add, all or those of a pattern. @throws {Failure} if git fails. */
export function knownFiles(pattern = "*"): string[] {
  const listing = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", pattern];
  const { stdout, stderr, status } = spawnSync("git", listing, { cwd: root, encoding: "utf8" });
  if (status !== 0) {
    throw new Failure(`git lists the files to check, and has failed. ${status === null ? "Is it installed?" : stderr}`);
  }
  return stdout
    .split("\0")
    .filter((file) => file !== "" && statSync(join(root, file), { throwIfNoEntry: false })?.isFile() === true);
}

function isDockerfile(file: string): boolean {
  return /(^|\/)(Dockerfile(\.[^/]*)?|[^/]*\.[Dd]ockerfile)$/.test(file);
}

function isShellScript(file: string): boolean {
  return file.endsWith(".sh") || /^#!.*[/ ](ba|da|k)?sh( |\n|$)/.test(readFileSync(join(root, file), "latin1"));
}

/** Runs a linter over files. Fails if the linter is missing or has no file to check. */
function passesOn(files: readonly string[], linter: string, ...options: string[]): boolean {
  if (spawnSync(linter, ["--version"], { env }).error !== undefined) {
    console.error(
      `${linter} is missing. It comes from PyPI with Python's venv and pip (on Debian: apt-get install python3-venv); ` +
        `without them, put a ${linter} of your own on the PATH.`,
    );
    return false;
  }
  if (files.length === 0) {
    console.error(`There is no file for ${linter} to check.`);
    return false;
  }
  return passes(linter, ...options, "--", ...files);
}

function isGoFormatted(): boolean {
  const { stdout, status, error } = spawnSync("gofmt", ["-l", "tools/pulumi"], { cwd: root, encoding: "utf8" });
  if (error !== undefined) {
    // Go is needed only to build Pulumi's tools, so many machines do not have it.
    console.error("Not checked: gofmt is missing. Only an edit of tools/pulumi needs it.");
    return true;
  }
  if (stdout !== "") {
    console.error(`Not formatted by gofmt:\n${stdout}`);
  }
  return status === 0 && stdout === "";
}
