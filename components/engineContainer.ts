import * as pulumi from "@pulumi/pulumi";

import { ClusterConfig } from "../config/clusterConfig";
import { healthchecks } from "../engine/roles";
import { Dialect } from "./dialect";
import { LeanContainer } from "./leanContainer";
import { labelsOf, nameOnEngine } from "./names";
import { ContainerArgs, Mount } from "./target";

/** A container of an engine: one of the cluster, with its mounts told one by one. */
export interface EngineContainerArgs extends Omit<ContainerArgs, "target" | "workspace" | "configFiles" | "volumes"> {
  readonly dialect: Dialect;
  readonly mounts: readonly Mount[];
  /** What has to be there before it is touched. */
  readonly after: pulumi.Resource[];
}

/** Seconds between SIGTERM and SIGKILL, for an update and a destroy alike: notebooks' drivers finish their event logs in it. */
export const gracePeriod = 30;

/** What bounds the log of a container. */
export function logOptions({ logSize, logFiles }: Pick<ClusterConfig, "logSize" | "logFiles">): Record<string, string> {
  return { "max-size": `${logSize}m`, "max-file": String(logFiles) };
}

/** What all running containers have in common: no root, no capabilities, a read-only root, limits, and one network. */
export function engineContainer(name: string, args: EngineContainerArgs, opts: pulumi.CustomResourceOptions): LeanContainer {
  const { owner, dialect, image, environment = {} } = args;
  const tmp = `${args.config.sizes.tmpMemory}m`;
  // The provider says "updated" to an edit of tmpfs and does nothing; a label makes the container anew.
  const madeAnewBy = { ...args.madeAnewBy, tmp, network: args.network.networkId };
  return new LeanContainer(
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
      ports: args.ports?.map((port) => ({ ...port })),
      // z, so that on a host with SELinux all containers of the cluster may read what one of them writes.
      volumes: args.mounts.map((mount) => ({ ...mount, selinuxRelabel: "z" })),
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
      logOpts: logOptions(args.config),
      healthcheck: { tests: ["CMD", healthchecks[args.role]], interval: "30s", timeout: "10s", retries: 3, startPeriod: "30s" },
    },
    {
      ...opts,
      dependsOn: args.after,
      deleteBeforeReplace: true, // name and ports are fixed
      ignoreChanges: dialect.driftOfContainers,
      replaceOnChanges: dialect.fixedInContainers,
    },
  );
}
