import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { ClusterConfig } from "../config/clusterConfig";
import { Mebibytes } from "../config/memory";
import { healthchecks, Role } from "../engine/roles";
import { ClusterNetwork } from "./clusterNetwork";
import { ConfigFiles } from "./configFiles";
import { Dialect } from "./dialect";
import { ImageHierarchy } from "./imageHierarchy";
import { labelsOf, nameOnEngine, Owner } from "./names";

/** What every role of the cluster is given. */
export interface RoleArgs {
  readonly owner: Owner;
  readonly dialect: Dialect;
  readonly config: ClusterConfig;
  /** No container is touched before every one of them stands. */
  readonly images: ImageHierarchy;
  readonly network: ClusterNetwork;
  readonly workspace: docker.types.input.ContainerVolume;
  /** Those of the role. */
  readonly configFiles: ConfigFiles;
}

export interface ClusterContainerArgs extends RoleArgs {
  readonly role: Role;
  /** Its name on the engine, after the stack's. */
  readonly part: string;
  /** Its name for the other containers. */
  readonly hostname: string;
  readonly image: docker.RemoteImage;
  /** Limit of all its processes and its `/tmp`. */
  readonly memory: Mebibytes;
  /** Its own processors' worth. */
  readonly cpus: number;
  /** Its weight where containers compete for processors; the engine's own default is 1024. */
  readonly cpuShares?: number;
  /** Those beside the shared one and its files. */
  readonly volumes?: readonly docker.types.input.ContainerVolume[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: docker.types.input.ContainerPort[];
  /** Values whose change makes the container anew. */
  readonly madeAnewBy?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Seconds between SIGTERM and SIGKILL, for an update and a destroy alike: notebooks' drivers finish their event logs in it. */
const gracePeriod = 30;

/** What all running containers have in common: no root, no capabilities, a read-only root, limits, and one network. */
export function clusterContainer(name: string, args: ClusterContainerArgs, opts: pulumi.CustomResourceOptions): docker.Container {
  const { owner, dialect, image, volumes = [], environment = {} } = args;
  const tmp = `${args.config.sizes.tmpMemory}m`;
  // The provider says "updated" to an edit of tmpfs and does nothing; a label makes the container anew.
  const madeAnewBy = { ...args.madeAnewBy, tmp, network: args.network.networkId };
  return new docker.Container(
    name,
    {
      name: nameOnEngine(owner.stack, args.part),
      hostname: args.hostname,
      image: image.imageId,
      labels: [
        ...labelsOf(owner, args.role),
        ...Object.entries(madeAnewBy).map(([label, value]) => ({ label: `spark-cluster.${label}`, value })),
      ],
      ...dialect.joining(args.network.name, args.hostname),
      ports: args.ports,
      // z, so that on a host with SELinux all containers of the cluster may read what one of them writes.
      volumes: [args.workspace, args.configFiles.mount, ...volumes].map((volume) => ({ ...volume, selinuxRelabel: "z" })),
      envs: Object.entries(environment).map(([variable, value]) => `${variable}=${value}`),
      ...(args.config.limits
        ? {
            memory: args.memory,
            memorySwap: args.memory, // no swap; unset, every refresh finds a difference
            cpus: args.cpus.toFixed(1), // as the engine says it back
            cpuShares: args.cpuShares,
          }
        : {}),
      readOnly: true,
      // exec, because zstd and snappy unpack their libraries here and load them.
      tmpfs: { "/tmp": `rw,exec,nosuid,nodev,mode=1777,size=${tmp}` },
      capabilities: { drops: ["ALL"] },
      securityOpts: ["no-new-privileges"],
      init: true,
      restart: "unless-stopped",
      stopTimeout: gracePeriod,
      destroyGraceSeconds: gracePeriod,
      logDriver: "json-file",
      logOpts: { "max-size": `${args.config.logSize}m`, "max-file": String(args.config.logFiles) },
      healthcheck: { tests: ["CMD", healthchecks[args.role]], interval: "30s", timeout: "10s", retries: 3, startPeriod: "30s" },
    },
    {
      ...opts,
      dependsOn: [args.images, args.configFiles],
      deleteBeforeReplace: true, // name and ports are fixed
      ignoreChanges: dialect.driftOfContainers,
      replaceOnChanges: dialect.fixedInContainers,
    },
  );
}
