import { cpSync, mkdtempSync, realpathSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ignoreSalts } from "../tools/stack/git";
import { ok } from "./run";

const project = join(__dirname, "..");

/** Copies this project as a fresh clone would have it, in its own repository, with a link to this project's packages. */
export async function makeCheckout(): Promise<string> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "spark-cluster-checkout-")));
  const files = await ok("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: project });
  for (const file of files.split("\0").filter(Boolean)) {
    cpSync(join(project, file), join(folder, file), { verbatimSymlinks: true, mode: 0 });
  }
  symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
  await git(folder, "init", "--quiet");
  ignoreSalts(folder); // or the salt of a stack of this project would be added
  await git(folder, "add", "--all");
  await git(folder, "commit", "--quiet", "--message", "as it is");
  return folder;
}

/** Runs git in a copy, as a user of the test. */
export function git(folder: string, ...args: string[]): Promise<string> {
  return ok("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args], { cwd: folder });
}
