import { Mebibytes } from "../config/memory";
import { rolesOf } from "./index";
import { Role } from "./role";

/** A proxy with several hundred connections uses a tenth of it. */
const gatewayMemory: Mebibytes = 64;

/** Publishes the ports of a swarm's services on the manager that the stack names. */
export const gateway = {
  name: "gateway",
  title: "the gateway",
  component: "network:Gateway",
  hostname: "gateway",
  image: { name: "gateway", parent: "base", isOptional: true },
  healthcheck: "gateway-answers",
  isOn: ({ swarm }) => swarm !== undefined,
  memory: ({ tmpMemory }) => gatewayMemory + tmpMemory,
  cpus: 1,
  environment: (config) => ({
    PAGES: rolesOf(config)
      .flatMap(({ hostname, page }) => (page === undefined ? [] : [`${hostname}:${page.internal}`]))
      .join(" "),
  }),
} as const satisfies Role;
