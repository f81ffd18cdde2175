import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { ok, run } from "../run";

let opened: { readonly folder: string; readonly hosts: string[]; readonly path: string | undefined } | undefined;

/**
 * Gives this process and its children ssh access to a container, as a user's settings would: with a key, and one connection for
 * all commands. The settings belong to the tests; no `~/.ssh` is touched.
 *
 * @returns the address, as `docker:host` takes it.
 */
export async function openSsh(container: string, ip: string): Promise<string> {
  opened ??= await settings();
  const { folder, hosts } = opened;
  const key = readFileSync(join(folder, "key.pub"), "utf8");
  const take = "install -d -m 700 /root/.ssh && cat > /root/.ssh/authorized_keys";
  await ok("docker", ["exec", "--interactive", container, "sh", "-c", take], { input: key });
  hosts.push(ip);
  return `ssh://root@${ip}`;
}

/** Closes the connections; the next command opens a new one. */
export async function disconnect(): Promise<void> {
  for (const host of opened?.hosts ?? []) {
    await run("ssh", ["-O", "exit", `root@${host}`]);
  }
}

/** Closes the connections, and deletes the settings. */
export async function closeSsh(): Promise<void> {
  await disconnect();
  if (opened === undefined) {
    return;
  }
  const { folder, path } = opened;
  process.env.PATH = path;
  rmSync(folder, { recursive: true });
  opened = undefined;
}

async function settings(): Promise<NonNullable<typeof opened>> {
  const folder = mkdtempSync(join(tmpdir(), "spark-cluster-ssh-"));
  const path = process.env.PATH;
  await ok("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "key")]);
  const lines = [
    `IdentityFile ${join(folder, "key")}`,
    `UserKnownHostsFile ${join(folder, "known_hosts")}`,
    "StrictHostKeyChecking accept-new",
    "ControlMaster auto",
    "ControlPersist 600",
    `ControlPath ${join(folder, "%C")}`,
  ];
  writeFileSync(join(folder, "config"), `${lines.join("\n")}\n`, { mode: 0o600 });
  const client = (await ok("which", ["ssh"])).trim();
  writeFileSync(join(folder, "ssh"), `#!/bin/sh\nexec ${client} -F ${join(folder, "config")} "$@"\n`, { mode: 0o755 });
  process.env.PATH = [folder, path].join(delimiter);
  return { folder, hosts: [], path };
}
