import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { EngineKind } from "../engine/engine";

/** What the engines want said differently, or say back differently. SparkCluster picks one; nobody below asks for the engine. */
export interface Dialect {
  /** Whether the engine's Docker API takes secrets for a build; where it does not, the engine's own client has to build. */
  readonly apiTakesBuildSecrets: boolean;
  /** Whether a container's limit of processes can be set; where it cannot, the engine gives each one of its own. */
  readonly takesPidsLimit: boolean;
  /** The inputs by which a container joins a network and is found there by a name. */
  joining(network: pulumi.Input<string>, name: string): Pick<docker.ContainerArgs, "networkMode" | "networksAdvanced">;
  /** Inputs of a container that a refresh finds changed although nobody changed them. */
  readonly driftOfContainers: string[];
  /** Inputs of a container that the engine cannot change while it runs, though the provider tries. */
  readonly fixedInContainers: string[];
  /** Inputs of a network that a refresh finds changed although nobody changed them. */
  readonly driftOfNetworks: string[];
}

const dockerDialect: Dialect = {
  apiTakesBuildSecrets: true,
  takesPidsLimit: true,
  joining: (network, name) => ({ networkMode: network, networksAdvanced: [{ name: network, aliases: [name] }] }),
  driftOfContainers: [],
  fixedInContainers: [],
  driftOfNetworks: [],
};

const podmanDialect: Dialect = {
  apiTakesBuildSecrets: false,
  takesPidsLimit: false, // pids_limit in containers.conf, 2048 unless set (containers.conf(5))
  // The provider takes a container with networksAdvanced off the network "bridge", and Podman calls it an error that it is not on
  // it. Podman takes a name as an option of the network's (podman-run(1), --network).
  joining: (network, name) => ({ networkMode: pulumi.interpolate`${network}:alias=${name}` }),
  // Told back: each capability by its own name, no options of the log, the kind of the network, and tmpfs with options of Podman's.
  driftOfContainers: ["capabilities", "logOpts", "networkMode", "tmpfs"],
  fixedInContainers: ["cpus", "memory", "memorySwap"], // Podman's Docker API has no update in version 4
  driftOfNetworks: ["ipamOptions"], // the name of a driver that nobody set
};

export const dialects: Readonly<Record<EngineKind, Dialect>> = { docker: dockerDialect, podman: podmanDialect };
