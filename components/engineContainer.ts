import * as pulumi from "@pulumi/pulumi";

import { HostFolders } from "../config/clusterConfig";
import { computed, Known } from "../config/known";
import { hardening } from "../engine/hardening";
import { nameOnEngine } from "../engine/names";
import { cpusOf, environmentOf } from "../roles";
import { userOf } from "../roles/user";
import { workspacePath } from "../spark/properties";
import { Dialect } from "./dialect";
import { LeanContainer } from "./leanContainer";
import { onMovingBridge } from "./movingBridge";
import { labelsOf } from "./names";
import { ContainerArgs, Mount } from "./target";

export interface EngineContainerArgs extends ContainerArgs {
  readonly dialect: Dialect;
}

/** Seconds between SIGTERM and SIGKILL, on update and on destroy. In this time the notebooks' drivers finish their event logs. */
export const gracePeriod = 30;

/**
 * Size of `/dev/shm` in MiB, which counts towards the container's memory as far as it is used. PyTorch's README asks for
 * more than the engines' default of 64 MiB where data is loaded by several processes.
 */
const sharedMemory = 512;

/** A container with the settings that all share: no root user, no capabilities, a read-only root, limits, and one network. */
export function engineContainer(name: string, args: EngineContainerArgs, opts: pulumi.CustomResourceOptions): LeanContainer {
  const { owner, dialect, role, config } = args;
  const tmp = computed(config, ({ sizes }) => `${sizes.tmpMemory}m`);
  const logOpts = computed(config, (known) => dialect.logOptions(known));
  const sysctls = computed(config, ({ bridgeMoves }) => (bridgeMoves ? onMovingBridge : undefined));
  // Where a change of an input is ignored, a label with its values replaces the container, as for tmp below.
  const ifIgnored = (input: string, label: string, values: Known<Readonly<Record<string, string>> | undefined>) =>
    dialect.driftOfContainers.includes(input) && { [label]: computed(values, (all = {}) => Object.values(all).join(",")) };
  const ignored = { ...ifIgnored("logOpts", "log", logOpts), ...ifIgnored("sysctls", "bridge", sysctls) };
  // No swap; if memorySwap is unset, every refresh reports a difference.
  const memory = computed(config, ({ limits, sizes }) => (limits ? role.memory(sizes) : undefined));
  return new LeanContainer(
    name,
    {
      name: nameOnEngine(owner.stack, args.part),
      hostname: args.hostname,
      image: args.images.imageOf(role.image.name).imageId,
      labels: computed(args.replacedBy, (replacedBy) => [
        ...labelsOf(owner, role.name),
        // The provider reports a changed tmpfs as updated without applying it. As a label, its size replaces the container.
        ...Object.entries({ ...replacedBy, tmp, ...ignored, network: args.network.networkId }).map(([label, value]) => ({
          label: `spark-cluster.${label}`,
          value,
        })),
      ]),
      ...dialect.joining(args.network.name, args.hostname),
      sysctls,
      ...(args.ports.length > 0 && { ports: args.ports.map((port) => ({ ...port })) }),
      // z: on a host with SELinux, containers may read what is there now; for what they write later, see hardening.ts.
      volumes: computed(config, ({ folders }) =>
        [...args.mounts, ...(role.isOfImagesUser === true ? [] : folderMounts(folders))].map((mount) => ({
          ...mount,
          selinuxRelabel: "z",
        })),
      ),
      user: computed(config, (known) => userOf(role, known)?.user),
      groupAdds: computed(config, (known) => userOf(role, known)?.groups),
      usernsMode: computed(config, ({ folders }) => folders.userns),
      envs: computed(config, (known) =>
        Object.entries(environmentOf(role, known)).map(([variable, value]) => `${variable}=${value}`),
      ),
      memory,
      memorySwap: memory,
      cpus: computed(config, ({ limits, sizes }) => (limits ? cpusOf(role, sizes).toFixed(1) : undefined)), // as the engine reports it
      cpuShares: computed(config, ({ limits }) => (limits ? role.cpuShares : undefined)),
      readOnly: true,
      // exec: zstd and snappy unpack their native libraries into /tmp and load them.
      tmpfs: { "/tmp": computed(tmp, (size) => `rw,exec,nosuid,nodev,mode=1777,size=${size}`) },
      shmSize: sharedMemory,
      capabilities: { drops: hardening.dropped },
      securityOpts: hardening.securityOptions,
      ...dialect.withoutCoreDumps,
      ...dialect.hostNames,
      init: true,
      restart: dialect.restart,
      stopTimeout: gracePeriod,
      destroyGraceSeconds: gracePeriod,
      logDriver: "json-file",
      logOpts,
      healthcheck: { tests: ["CMD", role.healthcheck], interval: "30s", timeout: "10s", retries: 3, startPeriod: "30s" },
    },
    {
      ...opts,
      dependsOn: [...args.images.all],
      deleteBeforeReplace: true, // name and ports are fixed
      ignoreChanges: dialect.driftOfContainers,
      replaceOnChanges: dialect.fixedInContainers,
    },
  );
}

function folderMounts({ others }: HostFolders): readonly Mount[] {
  return others.map(({ name, path, readOnly }) => ({ hostPath: path, containerPath: `${workspacePath}/${name}`, readOnly }));
}
