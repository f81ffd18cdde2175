import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, relative, sep } from "node:path";

import ignore from "@balena/dockerignore";

/**
 * The tag of an image: the first 16 hex digits of a SHA-256 of its inputs. It does not depend on the machine or on the checkout's
 * path, nor on modes of files, which the Dockerfiles set. It changes with a build argument, and with a file's path or content.
 * Files that `.dockerignore` excludes are not in the hash, except for the Dockerfile and `.dockerignore` itself, and neither are
 * those that programs leave behind.
 */
export function imageTag(folder: string, buildArgs: Readonly<Record<string, string>>): string {
  const hash = createHash("sha256");
  const add = (...parts: readonly (string | Buffer)[]) => {
    parts.forEach((part) => hash.update(`${part.length}:`).update(part));
  };

  for (const [name, value] of Object.entries(buildArgs).sort(([one], [other]) => (one < other ? -1 : 1))) {
    add("argument", name, value);
  }
  for (const path of filesOf(folder)) {
    const file = join(folder, path);
    const stat = lstatSync(file);
    if (stat.isSymbolicLink()) {
      add("link", path, readlinkSync(file));
    } else {
      add("file", path, readFileSync(file));
    }
  }
  return hash.digest("hex").slice(0, 16);
}

function filesOf(folder: string): string[] {
  const rules = join(folder, ".dockerignore");
  const filter = ignore().add(existsSync(rules) ? readFileSync(rules, "utf8") : "");
  // Links are not followed, because their targets are no part of a build.
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .filter((path) => !path.split(sep).some((part) => leftBehind.test(part)))
    .filter((path) => path === "Dockerfile" || path === ".dockerignore" || !filter.ignores(path))
    .sort();
}

/** Files that editors, Python, Finder and a killed Podman leave in a folder. No Dockerfile of ours copies them. */
const leftBehind = /^(__pycache__|\.ipynb_checkpoints|\.DS_Store|\..*\.sw.|.*~|podman-build-secret.*)$/;
