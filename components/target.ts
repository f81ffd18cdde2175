import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { ClusterConfig } from "../config/clusterConfig";
import { RoleName } from "../roles/names";
import { Files, Role } from "../roles/role";
import { ClusterNetwork, NetworkKind } from "./clusterNetwork";
import { ImageHierarchy } from "./imageHierarchy";
import { Owner } from "./names";

/** A volume and its place in a container. */
export interface Mount {
  /** Empty for one that goes with the container. */
  readonly volumeName: pulumi.Input<string>;
  readonly containerPath: string;
  readonly readOnly?: boolean;
  /** Options of the engine's `local` driver, with which each machine mounts what is on none of them. */
  readonly driverOptions?: Readonly<Record<string, string>>;
  /** Whether it is there on one machine alone. */
  readonly onOneNode?: boolean;
}

/** Files that the containers of a role find in SPARK_CONF_DIR, and nobody else may read: the resource that they hang from. */
export interface RoleFiles extends pulumi.Resource {
  /** Another one whenever a file is another: who carries it as a label is made anew with the files. */
  readonly revision: pulumi.Output<string>;
  /** The volume that they lie on, on an engine. */
  readonly mounts: readonly Mount[];
  /** Themselves, on a swarm. */
  readonly secrets: readonly docker.types.input.ServiceTaskSpecContainerSpecSecret[];
}

/** A port of a container that a person opens. */
export interface Published {
  readonly internal: number;
  readonly external: number;
  /** The address of the engine's machine that it is opened at. */
  readonly ip: string;
}

/** A container of the cluster, whatever it runs on. */
export interface ContainerArgs {
  readonly owner: Owner;
  readonly config: ClusterConfig;
  readonly role: Role;
  /** Its name on the engine, after the stack's. */
  readonly part: string;
  /** Its name for the other containers. */
  readonly hostname: string;
  readonly images: ImageHierarchy;
  readonly network: ClusterNetwork;
  /** The files of its role; undefined for a role without. */
  readonly configFiles: RoleFiles | undefined;
  readonly mounts: readonly Mount[];
  readonly ports: readonly Published[];
  /** Values whose change replaces the container. */
  readonly replacedBy: Readonly<Record<string, pulumi.Input<string>>>;
}

/** What was started: a container of an engine's, or a service of a swarm's. */
export interface Running {
  readonly role: RoleName;
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly ports: readonly Published[];
  /** Another one whenever what runs is another, also under the same id. */
  readonly revision: pulumi.Output<string>;
}

/** Files of a role. */
export interface FilesArgs {
  readonly owner: Owner;
  /** Whose files they are, the first word of their volume's name. */
  readonly part: string;
  readonly files: Files;
  readonly images: ImageHierarchy;
}

/** What the whole is to be, once everything runs. */
export interface ReadyArgs {
  readonly owner: Owner;
  readonly config: ClusterConfig;
  readonly images: ImageHierarchy;
  readonly network: ClusterNetwork;
  readonly running: readonly Running[];
  /** Host names of the workers. */
  readonly workers: readonly string[];
}

/**
 * What a cluster runs on: one engine, or a swarm of them. All that differs between them is in here; components are given one, and ask
 * for neither. `name` is that of the resource, `part` the last word of the thing's own name.
 */
export interface Target {
  /** What the stack lives on, for life: see {@link StackHome}. */
  readonly place: string;
  readonly network: NetworkKind;
  files(name: string, args: FilesArgs, parent: pulumi.Resource): RoleFiles;
  /** A volume whose data outlives the stack. */
  keptVolume(
    name: string,
    args: { readonly owner: Owner; readonly part: string; readonly containerPath: string },
    parent: pulumi.Resource,
  ): Mount;
  /** A disk for what a driver or an executor has to do, which goes with it. */
  scratchVolume(name: string, args: { readonly owner: Owner; readonly part: string }, parent: pulumi.Resource): Mount;
  /** A disk for what the master has to know again if it is killed. */
  stateVolume(name: string, args: { readonly owner: Owner; readonly part: string }, parent: pulumi.Resource): Mount;
  /** The one container of a role. */
  run(name: string, args: ContainerArgs, parent: pulumi.Resource): Running;
  /** What workers are called by, each the end of a name. */
  workerNumbers(count: number): readonly string[];
  /** The containers of the workers: `workerOf` tells what the one of a number is, counted from 1. */
  runWorkers(
    name: string,
    count: number,
    workerOf: (number: string) => ContainerArgs,
    parent: pulumi.Resource,
  ): readonly Running[];
  /** The id of what is there once the whole is of use. */
  ready(name: string, args: ReadyArgs, parent: pulumi.Resource): pulumi.Output<string>;
}
