import { spawnSync } from "node:child_process";

import { root } from "../programs";

const git = (folder: string, ...args: string[]) => spawnSync("git", args, { cwd: folder, stdio: "ignore" }).status === 0;

/** Sets the filter of .gitattributes, with which git ignores the passphrase salt in a stack's file. */
export function ignoreSalts(folder = root): void {
  if (git(folder, "rev-parse", "--is-inside-work-tree")) {
    git(folder, "config", "filter.pulumi-salt.clean", "sed '/^encryptionsalt:/d'");
  }
}

/** Makes git show a stack's file as unchanged if only its salt has changed. */
export function settleFile(file: string): void {
  // git compares file sizes before it runs the filter, and remembers the result once the file is added.
  if (git(root, "ls-files", "--error-unmatch", file) && git(root, "diff", "--quiet", "--", file)) {
    git(root, "add", "--", file);
  }
}
