import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { Mebibytes } from "../config/memory";
import { labelsOf, nameOnEngine, Owner, Role } from "./names";

export interface ClusterContainerArgs {
  readonly owner: Owner;
  readonly role: Role;
  /** Its name on the engine, after the stack's. */
  readonly part: string;
  /** Its name for the other containers. */
  readonly hostname: string;
  readonly image: docker.RemoteImage;
  readonly network: pulumi.Input<string>;
  /** Limit of all its processes and its `/tmp`. */
  readonly memory: Mebibytes;
  /** Size of its `/tmp`. */
  readonly tmpMemory: Mebibytes;
  /** Its own processors' worth, left out for all of the engine's. */
  readonly cpus?: number;
  readonly volumes: docker.types.input.ContainerVolume[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: docker.types.input.ContainerPort[];
  /** The command that tells whether it is of use, not only running. */
  readonly healthcheck: string;
  /** Values whose change makes the container anew. */
  readonly madeAnewBy?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Seconds between SIGTERM and SIGKILL, for an update and a destroy alike. */
const gracePeriod = 10;

/** What all running containers have in common: no root, no capabilities, a read-only root, limits, and one network. */
export function clusterContainer(name: string, args: ClusterContainerArgs, opts: pulumi.CustomResourceOptions): docker.Container {
  return new docker.Container(
    name,
    {
      name: nameOnEngine(args.owner.stack, args.part),
      hostname: args.hostname,
      image: args.image.imageId,
      labels: [
        ...labelsOf(args.owner, args.role),
        ...Object.entries(args.madeAnewBy ?? {}).map(([label, value]) => ({ label: `spark-cluster.${label}`, value })),
      ],
      networkMode: args.network,
      networksAdvanced: [{ name: args.network, aliases: [args.hostname] }],
      ports: args.ports,
      volumes: args.volumes,
      envs: Object.entries(args.environment ?? {}).map(([variable, value]) => `${variable}=${value}`),
      memory: args.memory,
      memorySwap: args.memory, // no swap; unset, every refresh finds a difference
      cpus: args.cpus?.toFixed(1), // as the engine says it back
      readOnly: true,
      // exec, because zstd and snappy unpack their libraries here and load them.
      tmpfs: { "/tmp": `rw,exec,nosuid,nodev,mode=1777,size=${args.tmpMemory}m` },
      capabilities: { drops: ["ALL"] },
      securityOpts: ["no-new-privileges"],
      init: true,
      restart: "unless-stopped",
      stopTimeout: gracePeriod,
      destroyGraceSeconds: gracePeriod,
      logDriver: "json-file",
      logOpts: { "max-size": "10m", "max-file": "3" },
      healthcheck: { tests: ["CMD", args.healthcheck], interval: "30s", timeout: "10s", retries: 3, startPeriod: "30s" },
    },
    {
      ...opts,
      // Name and ports are fixed, so the old one has to go first. The provider says "updated" to an edit of tmpfs and does nothing.
      deleteBeforeReplace: true,
      replaceOnChanges: ["tmpfs"],
    },
  );
}
