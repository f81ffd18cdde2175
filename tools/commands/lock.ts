import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import { root, runProgram } from "../programs";

const uvVersion = "0.13.9";
const environment = join(root, "node_modules/.cache", `uv-${uvVersion}`);
const uv = join(environment, "bin/uv");

/** Regenerates the lock files of the Python packages of images, tests, tools and bench from the .in files next to them. */
export function lock(): void {
  if (!existsSync(uv)) {
    runProgram("python3", ["-m", "venv", environment]);
    runProgram(join(environment, "bin/pip"), ["install", "--quiet", `uv==${uvVersion}`]);
  }
  for (const folder of ["images", "tests/helpers", "tools/checks", "bench/tables"]) {
    const sources = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".in"));
    for (const source of sources.sort()) {
      const file = join(root, folder, source);
      console.error(join(folder, source));
      // Python 3.11 is that of Debian 12. --allow-unsafe, because build.in lists pip and setuptools.
      runProgram(uv, [
        ...["pip", "compile", "--quiet", "--generate-hashes", "--python-version", "3.11", "--python-platform", "linux"],
        ...["--allow-unsafe", "--no-header", "--no-emit-index-url", "--directory", dirname(file)],
        ...[basename(file), "--output-file", basename(file).replace(/in$/, "txt")],
      ]);
    }
  }
}
