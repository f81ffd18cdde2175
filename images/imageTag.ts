import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

import ignore from "@balena/dockerignore";

/**
 * The tag of an image: the first 16 hex digits of a SHA-256 of its inputs. It does not depend on the machine or on the checkout's
 * path. It changes with a build argument, and with a file's path, content or owner's execute bit. Files that `.dockerignore`
 * excludes are not in the hash, except for the Dockerfile and `.dockerignore` itself.
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
      add((stat.mode & 0o100) === 0 ? "file" : "executable", path, readFileSync(file));
    }
  }
  return hash.digest("hex").slice(0, 16);
}

function filesOf(folder: string): string[] {
  const rules = join(folder, ".dockerignore");
  const filter = ignore().add(existsSync(rules) ? readFileSync(rules, "utf8") : "");
  return pathsUnder(folder, "")
    .filter((path) => path === "Dockerfile" || path === ".dockerignore" || !filter.ignores(path))
    .sort();
}

/** Paths of files and links below a folder. Links are not followed, because their targets are no part of a build. */
function pathsUnder(folder: string, prefix: string): string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = join(prefix, entry.name);
    return entry.isDirectory() ? pathsUnder(folder, path) : [path];
  });
}
