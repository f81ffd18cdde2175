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

/** Whether a stack's file has a secret, which only the passphrase with the file's salt opens. */
export function hasSecret(text: string): boolean {
  return text.includes("secure:"); // also in a list, `- secure:`
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

/** What a user reads of an error of Pulumi when it decrypts the secrets in a stack's file. */
export function explainedSecrets(error: unknown, stack: string, file: string): unknown {
  if (!(error instanceof Error && error.message.includes("message authentication failed"))) {
    return error;
  }
  return new Failure(
    `The secrets in ${file} were encrypted with another salt than the one in its line encryptionsalt, or it has none. ` +
      "Put the line back, or set each secret again:\n" +
      `  eval "$(make -s env STACK=${stack})" && pulumi config set --secret KEY`,
  );
}

/**
 * Removes the salt of another passphrase from a stack's file. Pulumi generates a new salt.
 *
 * @throws {Failure} if the file has secrets, which only that passphrase opens.
 */
export function forgetSalt(file: string, name: string): void {
  const text = readFileSync(file, "utf8");
  if (hasSecret(text)) {
    throw new Failure(
      `${name} has secrets that were encrypted with another passphrase. Put that passphrase back, or set the secrets again.`,
    );
  }
  console.error(`The salt in ${name} belongs to another passphrase, and no secret needs it: generating a new salt.`);
  writeFileSync(file, text.replace(/^encryptionsalt:.*\n?/m, ""));
}
