const arp = {
  base_reachable_time_ms: 1000,
  delay_first_probe_time: 1, // seconds
  retrans_time_ms: 200,
  ucast_solicit: 1,
  mcast_resolicit: 3, // asks all when the old address does not respond, and does not wait for another packet
};

/**
 * The sysctls of a container on a network whose bridge moves (`EngineFacts.bridgeMoves`): within three seconds, it asks again where the
 * bridge is. By the kernel's defaults it sends to the old address for up to a minute (arp(7)).
 */
export const onMovingBridge: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(arp).map(([setting, value]) => [`net.ipv4.neigh.eth0.${setting}`, String(value)]),
);
