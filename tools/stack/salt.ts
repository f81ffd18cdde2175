import { execFile } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Failure } from "../failure";
import { root } from "../programs";

/** Whether an error of Pulumi says that the passphrase is wrong. */
export function isWrongPassphrase(message: string): boolean {
  return message.includes("incorrect passphrase");
}

/**
 * Whether the passphrase fits the salt in a stack's file, if there is a salt. Pulumi checks it only when a secret is set, or in the
 * middle of an `up`, so this sets a secret in a copy of the file.
 */
export async function opensSalt(file: string, pulumi: string): Promise<boolean> {
  if (!existsSync(file) || !/^encryptionsalt:/m.test(readFileSync(file, "utf8"))) {
    return true;
  }
  const folder = mkdtempSync(join(tmpdir(), "spark-cluster-salt-"));
  try {
    const copy = join(folder, "Pulumi.yaml");
    copyFileSync(file, copy);
    const probe = ["config", "set", "--non-interactive", "--secret", "--config-file", copy, "probe", "x"];
    return await new Promise((resolve) => {
      execFile(pulumi, probe, { cwd: root, encoding: "utf8" }, (_error, _stdout, stderr) => {
        resolve(!isWrongPassphrase(stderr));
      });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Removes the salt of another passphrase from a stack's file. Pulumi generates a new salt.
 *
 * @throws {Failure} if the file has secrets, which only that passphrase opens.
 */
export function forgetSalt(file: string, name: string): void {
  const text = readFileSync(file, "utf8");
  if (/^ *secure:/m.test(text)) {
    throw new Failure(
      `${name} has secrets that were encrypted with another passphrase. Put that passphrase back, or set the secrets again.`,
    );
  }
  console.error(`The salt in ${name} belongs to another passphrase, and no secret needs it: generating a new salt.`);
  writeFileSync(file, text.replace(/^encryptionsalt:.*\n?/m, ""));
}
