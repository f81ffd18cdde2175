import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";

import { Failure } from "../failure";
import { root, runProgram } from "../programs";

const folder = join(__dirname, "scanners");

/**
 * The path of syft, grype or govulncheck, which is built first if it is missing. Only from Go modules: go.sum pins their checksums,
 * while the project has no checksums for downloads.
 *
 * @throws {Failure} if Go is missing, or if the build fails.
 */
export function scanner(name: "syft" | "grype" | "govulncheck"): string {
  const modules = readFileSync(join(folder, "go.mod"), "utf8");
  const sums = readFileSync(join(folder, "go.sum"), "utf8");
  const version = createHash("sha256").update(modules).update(sums).digest("hex").slice(0, 16);
  const cache = join(root, "node_modules/.cache", `scanners-${version}`);
  const program = join(cache, name);
  if (existsSync(program)) {
    return program;
  }
  const [, packageName = ""] = new RegExp(`^\\s*(?:tool )?(\\S+/cmd/${name})$`, "m").exec(modules) ?? [];
  if (spawnSync("go", ["version"]).status !== 0) {
    const [, go = ""] = /^go (.*)/m.exec(modules) ?? [];
    throw new Failure(`${name} is built from Go modules: install Go ${go} or newer.`);
  }
  mkdirSync(cache, { recursive: true });
  console.error(`Building ${name}, a few minutes ...`);
  runProgram("go", ["build", "-C", folder, "-trimpath", "-ldflags", "-s -w", "-o", `${program}.partial`, packageName]);
  renameSync(`${program}.partial`, program);
  return program;
}
