import { spawnSync } from "node:child_process";

import { root } from "../programs";

const git = (folder: string, ...args: string[]) => spawnSync("git", args, { cwd: folder, stdio: "ignore" }).status === 0;

/** Drops the salt of a stack's file without secrets, as {@link hasSecret} finds them. */
const withoutUnusedSalt = `awk '/secure:/ { used = 1 } { line[NR] = $0 } END { for (i = 1; i <= NR; i++) if (used || line[i] !~ /^encryptionsalt:/) print line[i] }'`;

/**
 * Sets the filter of .gitattributes, with which git ignores the passphrase salt in a stack's file. A file with secrets keeps it: they
 * cannot be decrypted without it, and git writes what the filter leaves, as after a stash. The filter of earlier versions,
 * `pulumi-salt`, dropped it there too; it has another name because all worktrees of a repository have the same filters.
 */
export function ignoreSalts(folder = root): void {
  if (git(folder, "rev-parse", "--is-inside-work-tree")) {
    git(folder, "config", "filter.unused-salt.clean", withoutUnusedSalt);
  }
}

/** Makes git show a stack's file as unchanged if only its salt has changed. */
export function settleFile(file: string): void {
  // git compares file sizes before it runs the filter, and remembers the result once the file is added.
  if (git(root, "ls-files", "--error-unmatch", file) && git(root, "diff", "--quiet", "--", file)) {
    git(root, "add", "--", file);
  }
}
