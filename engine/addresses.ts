import { BlockList, isIPv6 } from "node:net";

/** The address that only the engine's machine itself reaches. */
export const loopback = "127.0.0.1";

/** Every address of a machine. */
export const allInterfaces = "0.0.0.0";

const loopbacks = new BlockList();
loopbacks.addSubnet("127.0.0.0", 8, "ipv4");
loopbacks.addAddress("::1", "ipv6");

const everywhere = new BlockList();
everywhere.addAddress(allInterfaces, "ipv4");
everywhere.addAddress("::", "ipv6");

function isIn(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

/** Whether only the machine itself reaches an address. */
export function isLoopback(address: string): boolean {
  return isIn(loopbacks, address);
}

/** Whether an address stands for all of a machine's. */
export function isEverywhere(address: string): boolean {
  return isIn(everywhere, address);
}
