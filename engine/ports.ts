import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { networkInterfaces } from "node:os";

import { doClash } from "./addresses";
import { EngineFacts } from "./facts";
import { tried } from "./tried";

/**
 * Returns a function that names the holder of a port of the engine's machine: a container, or a process if the engine is on this
 * machine. Docker Desktop's is in a virtual machine, but publishes its ports on this one. The function returns undefined if the port is
 * free, held by this stack, or cannot be checked.
 */
export function portHolder(
  facts: Pick<EngineFacts, "publishedPorts" | "users">,
  stack: string,
  host: string,
): (port: number, bindAddress: string) => string | undefined {
  return (port, bindAddress) => {
    const published = facts.publishedPorts.find((each) => each.port === port);
    if (published !== undefined) {
      const owner = published.stack === undefined ? "" : ` of stack ${published.stack}`;
      return published.stack === stack ? undefined : `container ${published.container}${owner}`;
    }
    return host.startsWith("unix://") && facts.users !== "elsewhere" ? listeningProcess(port, bindAddress) : undefined;
  };
}

/**
 * The addresses on which an engine can publish ports. An address with a zone, such as fe80::1%eth0, is not among them.
 *
 * @returns undefined if the engine is not on this machine or in a virtual one, or if the kernel allows any address (ip_nonlocal_bind).
 */
export function ownAddresses({ users }: Pick<EngineFacts, "users">, host: string): readonly string[] | undefined {
  const isHere = host.startsWith("unix://") && users !== "elsewhere" && users !== "virtual";
  if (!isHere || ["ipv4", "ipv6"].some((family) => linesOf(`/proc/sys/net/${family}/ip_nonlocal_bind`)[0] === "1")) {
    return undefined;
  }
  const found = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  return found.filter(({ scopeid = 0 }) => scopeid === 0).map(({ address }) => address);
}

/** The process that listens on a port of this machine, read from Linux's /proc (proc(5), net/tcp). */
function listeningProcess(port: number, bindAddress: string): string | undefined {
  const listening = "0A";
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of linesOf(table).slice(1)) {
      const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
      const [hex = "", hexPort = ""] = local.split(":");
      if (state === listening && parseInt(hexPort, 16) === port && doClash(addressOf(hex), bindAddress)) {
        return processOfSocket(inode) ?? "a process of another user";
      }
    }
  }
  return undefined;
}

/** An address from /proc/net/tcp: hexadecimal, with the bytes of each 32 bits in reverse order. */
function addressOf(hex: string): string {
  const digits = hex.replace(/(..)(..)(..)(..)/g, "$4$3$2$1");
  return digits.length === 8
    ? (digits.match(/../g) ?? []).map((byte) => parseInt(byte, 16)).join(".")
    : (digits.match(/.{4}/g) ?? []).join(":");
}

function processOfSocket(inode: string): string | undefined {
  const pid = readdirSync("/proc").find((entry) => /^\d+$/.test(entry) && openFilesOf(entry).includes(`socket:[${inode}]`));
  return pid === undefined ? undefined : `process ${pid} (${linesOf(`/proc/${pid}/comm`).join("")})`;
}

/** The open files of a process, except those that it closes meanwhile. Empty if it has ended or belongs to another user. */
function openFilesOf(pid: string): string[] {
  const folder = `/proc/${pid}/fd`;
  return (tried(() => readdirSync(folder)) ?? []).flatMap((fd) => tried(() => readlinkSync(`${folder}/${fd}`)) ?? []);
}

/** Empty if the machine is not a Linux. */
function linesOf(file: string): string[] {
  return (tried(() => readFileSync(file, "utf8")) ?? "").split("\n").filter(Boolean);
}
