import { readdirSync, readFileSync, readlinkSync } from "node:fs";

import { EngineFacts } from "./facts";

/**
 * Who holds a port of the engine's machine, other than the stack itself: a container of any engine, or a process of this
 * machine where the engine is on it. Undefined where nobody does or nothing can be seen.
 */
export function portHolder(
  facts: EngineFacts,
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

/** The process that listens on a port of this machine, as Linux tells it in /proc (proc(5), net/tcp). */
function listeningProcess(port: number, bindAddress: string): string | undefined {
  const listening = "0A";
  const everywhere = ["00000000", "00000000000000000000000000000000"];
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of linesOf(table).slice(1)) {
      const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
      const [address = "", hexPort = ""] = local.split(":");
      const clashes =
        everywhere.includes(address) || bindAddress === "0.0.0.0" || bindAddress === "::" || address === hexOf(bindAddress);
      if (state === listening && parseInt(hexPort, 16) === port && clashes) {
        return processOfSocket(inode) ?? "a process of another user";
      }
    }
  }
  return undefined;
}

/** An IPv4 address as /proc/net/tcp writes it: the bytes in reverse, in hexadecimal. */
function hexOf(address: string): string {
  return address
    .split(".")
    .reverse()
    .map((part) => Number(part).toString(16).padStart(2, "0").toUpperCase())
    .join("");
}

function processOfSocket(inode: string): string | undefined {
  for (const pid of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const sockets = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
      if (sockets.includes(`socket:[${inode}]`)) {
        return `process ${pid} (${readFileSync(`/proc/${pid}/comm`, "utf8").trim()})`;
      }
    } catch {
      // The process has ended, or it is another user's.
    }
  }
  return undefined;
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n").filter(Boolean);
  } catch {
    return []; // not Linux
  }
}
