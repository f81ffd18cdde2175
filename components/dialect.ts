import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { ClusterConfig } from "../config/clusterConfig";
import { EngineKind } from "../engine/engine";

/** Differences between Docker and Podman. SparkCluster selects one dialect; its children never check the engine. */
export interface Dialect {
  /** Whether the engine's Docker API accepts build secrets. If not, the engine's own client builds. */
  readonly apiTakesBuildSecrets: boolean;
  /** Whether a container's limit of processes can be set. If not, the engine applies its own limit to each container. */
  readonly takesPidsLimit: boolean;
  /**
   * The inputs that stop the kernel from writing core dumps. Debian's docker.service has no limit (LimitCORE=infinity), so a notebook
   * or a JVM that crashes would leave all its memory in the workspace as a file named `core`.
   */
  readonly withoutCoreDumps: Pick<docker.ContainerArgs, "ulimits">;
  /** The inputs that give a container the name of the engine's machine, which Docker Desktop and Podman give by themselves. */
  readonly hostNames: Pick<docker.ContainerArgs, "hosts">;
  /** The restart policy with which containers also start after the machine has. */
  readonly restart: string;
  /** The log driver's options that keep `logFiles` files of `logSize` MiB, or as much. */
  logOptions(logs: LogLimits): Readonly<Record<string, string>>;
  /** The inputs that join a container to a network under a name. */
  joining(network: pulumi.Input<string>, name: string): Pick<docker.ContainerArgs, "networkMode" | "networksAdvanced">;
  /** Container inputs that a refresh reports as changed although nobody changed them. */
  readonly driftOfContainers: string[];
  /** Container inputs that the engine cannot change while the container runs, although the provider tries. */
  readonly fixedInContainers: string[];
  /** Network inputs that a refresh reports as changed although nobody changed them. */
  readonly driftOfNetworks: string[];
}

export type LogLimits = Pick<ClusterConfig, "logSize" | "logFiles">;

export const dockerLogOptions = ({ logSize, logFiles }: LogLimits) => ({
  "max-size": `${logSize}m`,
  "max-file": String(logFiles),
});

const dockerDialect: Dialect = {
  apiTakesBuildSecrets: true,
  takesPidsLimit: true,
  withoutCoreDumps: { ulimits: [{ name: "core", soft: 0, hard: 0 }] },
  hostNames: { hosts: [{ host: "host.docker.internal", ip: "host-gateway" }] },
  restart: "unless-stopped",
  logOptions: dockerLogOptions,
  joining: (network, name) => ({ networkMode: network, networksAdvanced: [{ name: network, aliases: [name] }] }),
  driftOfContainers: ["ulimits"], // Docker adds the default-ulimits of its daemon.json, as on Amazon Linux
  fixedInContainers: [],
  driftOfNetworks: [],
};

const podmanDialect: Dialect = {
  apiTakesBuildSecrets: false,
  takesPidsLimit: false, // pids_limit in containers.conf, 2048 unless set (containers.conf(5))
  // Debian's podman.service leaves the limit alone, which is 0 by the kernel's default. Podman's API would add limits of its own to
  // this one, which an engine may not be allowed to set, and a refresh would report them as changes.
  withoutCoreDumps: {},
  hostNames: {},
  restart: "always", // podman-restart.service starts no others after a boot
  logOptions: ({ logSize, logFiles }) => ({ "max-size": `${logSize * logFiles}m` }), // a log is one file, which is emptied when it is full
  // With networksAdvanced, the provider disconnects the container from the network "bridge". Podman rejects that, because the
  // container is not connected to it. Podman takes the name as a network option instead (podman-run(1), --network).
  joining: (network, name) => ({ networkMode: pulumi.interpolate`${network}:alias=${name}` }),
  // Podman reports every capability by name, no log options, the network's mode, no sysctls, tmpfs with options of its own, and each
  // mapping of users as "private".
  driftOfContainers: ["capabilities", "logOpts", "networkMode", "sysctls", "tmpfs", "usernsMode"],
  fixedInContainers: ["cpus", "memory", "memorySwap"], // Podman's Docker API has no update in version 4
  driftOfNetworks: ["ipamOptions"], // Podman reports a driver that nobody set
};

export const dialects: Readonly<Record<EngineKind, Dialect>> = { docker: dockerDialect, podman: podmanDialect };
