import { BlockList, isIPv6 } from "node:net";

/** The loopback address: only the engine's machine itself can reach it. */
export const loopback = "127.0.0.1";

/** The wildcard address: all addresses of a machine. */
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

/** Whether one port cannot be published on both addresses. An IPv4 address may be mapped into IPv6: `::ffff:127.0.0.1`. */
export function doClash(one: string, other: string): boolean {
  const same = new BlockList();
  same.addAddress(one, isIPv6(one) ? "ipv6" : "ipv4");
  return isEverywhere(one) || isEverywhere(other) || isIn(same, other);
}

/** Whether one of these addresses of a machine is the given one. Linux has all of 127.0.0.0/8. */
export function isAmong(addresses: readonly string[], address: string): boolean {
  return address.startsWith("127.") || addresses.some((each) => doClash(each, address));
}

/** Whether only the machine itself can reach an address. */
export function isLoopback(address: string): boolean {
  return isIn(loopbacks, address);
}

/** Whether clients read the first part of an image's name as a registry's host: it has a dot or a port, or is `localhost`. */
export function isRegistryHost(name: string): boolean {
  return name === "localhost" || /[.:]/.test(name);
}

/** Whether an address is a wildcard for all addresses of a machine. */
export function isEverywhere(address: string): boolean {
  return isIn(everywhere, address);
}
