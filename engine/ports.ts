import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { isIPv4 } from "node:net";

import { isEverywhere } from "./addresses";
import { EngineFacts } from "./facts";

/**
 * Returns a function that names the holder of a port of the engine's machine: a container, or a process if the engine is on this
 * machine. It returns undefined if the port is free, held by this stack, or cannot be checked.
 */
export function portHolder(
  facts: Pick<EngineFacts, "publishedPorts">,
  stack: string,
  host: string,
): (port: number, bindAddress: string) => string | undefined {
  return (port, bindAddress) => {
    const published = facts.publishedPorts.find((each) => each.port === port);
    if (published !== undefined) {
      const owner = published.stack === undefined ? "" : ` of stack ${published.stack}`;
      return published.stack === stack ? undefined : `container ${published.container}${owner}`;
    }
    return host.startsWith("unix://") ? listeningProcess(port, bindAddress) : undefined;
  };
}

/** The process that listens on a port of this machine, read from Linux's /proc (proc(5), net/tcp). */
function listeningProcess(port: number, bindAddress: string): string | undefined {
  const listening = "0A";
  const everywhere = ["00000000", "00000000000000000000000000000000"];
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of linesOf(table).slice(1)) {
      const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
      const [address = "", hexPort = ""] = local.split(":");
      const clashes = everywhere.includes(address) || isEverywhere(bindAddress) || address === hexOf(bindAddress);
      if (state === listening && parseInt(hexPort, 16) === port && clashes) {
        return processOfSocket(inode) ?? "a process of another user";
      }
    }
  }
  return undefined;
}

/** An address in the format of /proc/net/tcp: hexadecimal, with the bytes of each 32 bits in reverse order. */
function hexOf(address: string): string {
  const bytes = isIPv4(address) ? address.split(".").map(Number) : bytesOfIPv6(address);
  const words = Array.from({ length: bytes.length / 4 }, (_, word) => bytes.slice(word * 4, word * 4 + 4).reverse());
  return words
    .flat()
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("")
    .toUpperCase();
}

function bytesOfIPv6(address: string): number[] {
  const shortest = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const halves = shortest.split("::").map((half) => half.split(":").filter(Boolean));
  const zeros = Array.from({ length: 8 - halves.flat().length }, () => "0");
  const groups = halves.flatMap((half, index) => (index === 0 ? half : [...zeros, ...half]));
  return groups.map((group) => parseInt(group, 16)).flatMap((group) => [group >> 8, group & 255]);
}

function processOfSocket(inode: string): string | undefined {
  const pid = readdirSync("/proc").find((entry) => /^\d+$/.test(entry) && openFilesOf(entry).includes(`socket:[${inode}]`));
  return pid === undefined ? undefined : `process ${pid} (${linesOf(`/proc/${pid}/comm`).join("")})`;
}

/** The open files of a process, except those that it closes meanwhile. Empty if it has ended or belongs to another user. */
function openFilesOf(pid: string): string[] {
  const folder = `/proc/${pid}/fd`;
  const attempt = <T>(look: () => T, otherwise: T): T => {
    try {
      return look();
    } catch {
      return otherwise;
    }
  };
  return attempt(() => readdirSync(folder), []).map((fd) => attempt(() => readlinkSync(`${folder}/${fd}`), ""));
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n").filter(Boolean);
  } catch {
    return []; // not Linux
  }
}
