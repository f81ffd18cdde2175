import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import { pythonTools } from "../checks/pythonTools";
import { root, runProgram } from "../programs";

/** Regenerates the lock files of the Python packages of images, tests, tools and bench from the .in files next to them. */
export function lock(): void {
  const uv = join(pythonTools("uv", join(__dirname, "lock-requirements.txt")), "uv");
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
