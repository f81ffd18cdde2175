import * as pulumi from "@pulumi/pulumi";

import { loopback } from "../engine/addresses";
import { ClusterConfig, HostFolders } from "../config/clusterConfig";
import { computed, Known } from "../config/known";
import { ClusterSecrets, Role, RoleVolume } from "../roles/role";
import { SharedVolume } from "./sharedVolume";
import { ContainerArgs, Mount, Published, Running, Target } from "./target";

export interface RoleContainersArgs extends Pick<
  ContainerArgs,
  "owner" | "role" | "config" | "images" | "network" | "configFiles"
> {
  /** The name of the cluster's resource. */
  readonly cluster: string;
  readonly target: Target;
  readonly workers: number;
  /** A volume, or one of the folders of the host. */
  readonly workspace: Mount;
  /** Undefined if the workspace is a volume. */
  readonly hostFolders: Known<HostFolders> | undefined;
  readonly secrets: ClusterSecrets;
}

/** The containers of a role and the volumes that only they mount. */
export class RoleContainers extends pulumi.ComponentResource {
  /** Host names. */
  public readonly names: readonly string[];
  public readonly running: readonly Running[];

  constructor(args: RoleContainersArgs, opts: pulumi.ComponentResourceOptions & { readonly parent: pulumi.Resource }) {
    const { role, cluster, target, config, hostFolders } = args;
    const { isOfImagesUser } = role;
    const workspace = isOfImagesUser === true ? [] : [args.workspace];
    const name = `${cluster}-${role.name}`;
    super(`spark-cluster:${role.component}`, name, {}, opts);

    const volume = (container: string, { kind, suffix, resource, path: containerPath, isOfWorkspace }: RoleVolume): Mount => {
      const of = { hostFolders, isOfWorkspace, isOfImagesUser };
      const volumeArgs = { owner: args.owner, part: `${container}${suffix}`, containerPath, ...of };
      const volumeName = `${cluster}-${resource ?? volumeArgs.part}`;
      if (kind !== "kept") {
        return target.volume(volumeName, { ...volumeArgs, kind }, this);
      }
      // JupyterLab's volume used to be a child of the cluster.
      const volumeOpts = { parent: this, aliases: [{ parent: opts.parent }] };
      return new SharedVolume(volumeName, { ...volumeArgs, target }, volumeOpts).mount;
    };
    const containerOf = (part: string, hostname: string): ContainerArgs => ({
      ...args,
      part,
      hostname,
      mounts: [
        ...workspace,
        ...(args.configFiles?.mounts ?? []),
        ...(role.volumes ?? []).map((each) => volume(part, each)),
        ...(role.workspaceToo === undefined ? [] : [{ ...args.workspace, containerPath: role.workspaceToo }]),
      ],
      ports: publishedBy(role, config),
      replacedBy: computed(config, (known): Readonly<Record<string, pulumi.Input<string>>> => {
        const { userns } = known.folders;
        return {
          ...(role.replacedBy?.({ config: known, secrets: args.secrets }) ??
            (args.configFiles && { config: args.configFiles.revision })),
          ...(userns !== undefined && { userns }),
        };
      }),
    });

    if (role.name === "worker") {
      this.names = target.workerNumbers(args.workers).map((number) => `${role.hostname}-${number}`);
      const workerOf = (number: string) => containerOf(`${role.name}-${number}`, `${role.hostname}-${number}`);
      this.running = target.runWorkers(name, args.workers, workerOf, this);
    } else {
      this.names = [role.hostname];
      this.running = [target.run(name, containerOf(role.name, role.hostname), this)];
    }
    this.registerOutputs({ names: this.names });
  }
}

function publishedBy({ page }: Role, config: Known<ClusterConfig>): Published[] {
  if (page === undefined) {
    return [];
  }
  const ip = page.exposes === undefined ? loopback : computed(config, ({ bindAddress }) => bindAddress);
  return [{ internal: page.internal, external: computed(config, ({ ports }) => ports[page.key]), ip }];
}
