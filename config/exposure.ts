import { BlockList, isIPv6 } from "node:net";

import { ClusterConfig, Ports } from "./clusterConfig";
import { loopback } from "./ports";

/** The addresses by which a machine speaks to itself alone. */
const loopbacks = new BlockList();
loopbacks.addSubnet("127.0.0.0", 8, "ipv4");
loopbacks.addAddress("::1", "ipv6");

/** The addresses that stand for all of a machine's. */
const everywhere = new BlockList();
everywhere.addAddress("0.0.0.0", "ipv4");
everywhere.addAddress("::", "ipv6");

function isIn(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

/** Whether an address stands for all of a machine's. */
export function isEverywhere(address: string): boolean {
  return isIn(everywhere, address);
}

/**
 * Who can reach what from other machines, and how to end that: a warning for every run. Undefined where the ports are the engine's
 * own machine's alone.
 */
export function exposureWarning(config: Pick<ClusterConfig, "bindAddress" | "ports" | "sizes" | "tls">): string | undefined {
  const { bindAddress, ports, sizes, tls } = config;
  if (isIn(loopbacks, bindAddress)) {
    return undefined;
  }
  const who = isEverywhere(bindAddress)
    ? "Whoever reaches the engine's machine by any of its addresses"
    : `Whoever reaches the engine's machine by ${bindAddress}`;
  const shown: [port: keyof Ports, what: string][] = [
    [
      "jupyterlab",
      tls === "none"
        ? "JupyterLab, with its token alone, which crosses the network in plain text as all of it does: pulumi config set tls generated"
        : "JupyterLab, with its token alone",
    ],
    ["sparkUi", "Spark's UI, without a login: the names, settings and logs of all applications"],
    ["historyServer", "the history server, without a login: the same of applications that have ended"],
  ];
  return [
    `${who} can reach:`,
    ...shown
      .filter(([port]) => port !== "historyServer" || sizes.historyServer)
      .map(([port, what]) => `  ${String(ports[port]).padStart(5)}  ${what}`),
    ...(sizes.sparkConnect ? [`Spark Connect's port, ${ports.sparkConnect}, stays closed to them.`] : []),
    `To close the ports: pulumi config set bindAddress ${loopback}`,
  ].join("\n");
}
