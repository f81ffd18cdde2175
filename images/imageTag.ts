import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

import ignore from "@balena/dockerignore";

/**
 * The tag of an image: a hash of its build inputs. It is the same on every machine and in every checkout, and changes with a
 * build argument or with a file of the folder: its path, its bytes or its owner's execute bit. Files that `.dockerignore`
 * excludes do not count; the Dockerfile always counts.
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

/** Files and links, relative to the folder. Links are not followed: their targets are not part of a build. */
function pathsUnder(folder: string, prefix: string): string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = join(prefix, entry.name);
    return entry.isDirectory() ? pathsUnder(folder, path) : [path];
  });
}
