import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import { pythonTools } from "../checks/pythonTools";
import { Failure } from "../failure";
import { root } from "../programs";

/** Regenerates the lock files of the Python packages of images, tests, tools and bench from the .in files next to them. */
export function lock(): void {
  for (const folder of ["images", "tests/helpers", "tools/checks", "bench/tables"]) {
    const sources = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".in"));
    sources.sort().forEach((source) => {
      lockPackages(join(folder, source));
    });
  }
}

/**
 * Writes the lock file of one .in file. Versions that the lock file already has stay, if they fit.
 *
 * @param source Its path from the project's folder.
 * @throws {Failure} with the reason in one line.
 */
export function lockPackages(source: string): void {
  const uv = join(pythonTools("uv", join(root, "images/base/uv.txt")), "uv");
  console.error(source);
  // Python 3.11 is that of Debian 12. --allow-unsafe, because build.in lists pip and setuptools.
  const options = [
    ...["pip", "compile", "--quiet", "--generate-hashes", "--python-version", "3.11", "--python-platform", "linux"],
    ...["--allow-unsafe", "--no-header", "--no-emit-index-url", "--directory", dirname(join(root, source))],
  ];
  const files = [basename(source), "--output-file", basename(source).replace(/in$/, "txt")];
  const { status, stderr, error } = spawnSync(uv, [...options, ...files], { encoding: "utf8" });
  if (status !== 0) {
    throw new Failure(`${source} is not locked: ${error?.message ?? stderr.replace(/[\s×╰─▶]+/g, " ").trim()}`);
  }
}
