import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { ClusterConfig } from "../config/clusterConfig";
import { Known } from "../config/known";
import { RoleName } from "../roles/names";
import { Files, Role, RoleVolume } from "../roles/role";
import { ClusterNetwork, NetworkKind } from "./clusterNetwork";
import { ImageHierarchy } from "./imageHierarchy";
import { Owner, VolumeOwner } from "./names";

/** A volume or a folder of the engine's machine, and its mount path in a container. */
export interface Mount {
  /** Empty for an anonymous volume, which is deleted with its container. Undefined for a folder. */
  readonly volumeName?: pulumi.Input<string>;
  readonly hostPath?: pulumi.Input<string>;
  readonly containerPath: string;
  readonly readOnly?: boolean;
  /** Options of the engine's `local` driver, with which each node mounts storage that is on none of the nodes. */
  readonly driverOptions?: Readonly<Record<string, string>>;
  /** Whether only one node of the swarm has the volume. */
  readonly onOneNode?: boolean;
}

/** The resource for the files that only a role's containers read, in SPARK_CONF_DIR. */
export interface RoleFiles extends pulumi.Resource {
  /** Hash of the files. A container with this value as a label is replaced when a file changes. */
  readonly revision: pulumi.Output<string>;
  /** On one engine: the volume that holds the files. Empty on a swarm. */
  readonly mounts: readonly Mount[];
  /** On a swarm: each file as a secret. Empty on one engine. */
  readonly secrets: readonly docker.types.input.ServiceTaskSpecContainerSpecSecret[];
}

/** A published port of a container. */
export interface Published {
  readonly internal: number;
  readonly external: pulumi.Input<number>;
  /** The address of the engine's machine that the port is published on. */
  readonly ip: pulumi.Input<string>;
}

/** A container of the cluster, on either target. */
export interface ContainerArgs {
  readonly owner: Owner;
  readonly config: Known<ClusterConfig>;
  readonly role: Role;
  /** The last part of its name on the engine, after the stack's name. */
  readonly part: string;
  /** The host name by which other containers reach it. */
  readonly hostname: string;
  readonly images: ImageHierarchy;
  readonly network: ClusterNetwork;
  /** The files of its role; undefined if the role has none. */
  readonly configFiles: RoleFiles | undefined;
  readonly mounts: readonly Mount[];
  readonly ports: readonly Published[];
  /** Values whose change replaces the container. */
  readonly replacedBy: Known<Readonly<Record<string, pulumi.Input<string>>>>;
}

/** A started container, or a started service of a swarm. */
export interface Running {
  readonly role: RoleName;
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly ports: readonly Published[];
  /** Changes when the container or the service changes, even if the id stays the same. */
  readonly revision: pulumi.Output<string>;
}

/** Files of a role. */
export interface FilesArgs extends Pick<ContainerArgs, "owner" | "config" | "images">, Pick<VolumeOwner, "hostFolders"> {
  /** The group of roles that read the files; the first part of their volume's name. */
  readonly part: string;
  readonly files: (config: ClusterConfig) => Files;
}

/** A volume of a cluster. */
export interface VolumeArgs extends VolumeOwner {
  readonly owner: Owner;
  /** The last part of its name on the engine. */
  readonly part: string;
  readonly kind: RoleVolume["kind"];
  readonly containerPath: string;
}

/** The arguments of {@link Target.ready}. */
export interface ReadyArgs extends Pick<ContainerArgs, "owner" | "config" | "images" | "network"> {
  readonly running: readonly Running[];
  /** Host names of the workers. */
  readonly workers: readonly string[];
}

/**
 * What a cluster runs on: one engine, or a swarm of engines. Everything that differs between the two is behind this interface, so
 * components never check which it is. `name` is the name of the Pulumi resource, `part` the last part of the name on the engine.
 */
export interface Target {
  /** The engine or swarm of the stack, in words. It cannot change: see `keptHome`. */
  readonly place: string;
  readonly network: NetworkKind;
  files(name: string, args: FilesArgs, parent: pulumi.Resource): RoleFiles;
  volume(name: string, args: VolumeArgs, parent: pulumi.Resource): Mount;
  /** Starts the single container of a role. */
  run(name: string, args: ContainerArgs, parent: pulumi.Resource): Running;
  /** The last part of each worker's name. */
  workerNumbers(count: number): readonly string[];
  /** Starts the workers. `workerOf` returns the container of a worker by its number, counted from 1. */
  runWorkers(
    name: string,
    count: number,
    workerOf: (number: string) => ContainerArgs,
    parent: pulumi.Resource,
  ): readonly Running[];
  /** The id of a resource that exists once the whole cluster is ready. */
  ready(name: string, args: ReadyArgs, parent: pulumi.Resource): pulumi.Output<string>;
}
