import { pagesOf } from "../roles";
import { isEverywhere, isLoopback, loopback } from "../engine/addresses";
import { ClusterConfig } from "./clusterConfig";

/**
 * The warning of every run about ports that other machines can reach: what they expose, and how to close them.
 *
 * @returns undefined if other machines reach no port.
 */
export function exposureWarning(
  config: Pick<ClusterConfig, "bindAddress" | "ports" | "sizes" | "swarm" | "tls">,
): string | undefined {
  const { bindAddress, ports } = config;
  if (isLoopback(bindAddress)) {
    return undefined;
  }
  const who = isEverywhere(bindAddress)
    ? "Whoever reaches the engine's machine by any of its addresses"
    : `Whoever reaches the engine's machine by ${bindAddress}`;
  const pages = pagesOf(config);
  return [
    `${who} can reach:`,
    ...pages.flatMap(({ key, exposes }) =>
      exposes === undefined ? [] : [`  ${String(ports[key]).padStart(5)}  ${exposes(config)}`],
    ),
    ...pages
      .filter(({ exposes }) => exposes === undefined)
      .map(({ key, title }) => `The port of ${title}, ${ports[key]}, stays on ${loopback}.`),
    `To close the ports: pulumi config set bindAddress ${loopback}`,
  ].join("\n");
}
