import * as pulumi from "@pulumi/pulumi";

import { ClusterConfig, Ports, Sizes } from "../config/clusterConfig";
import { Mebibytes } from "../config/memory";
import { switches } from "../config/schema";
import { RoleName } from "./names";

/** The parts of a configuration that decide which roles there are. */
export interface Composition {
  readonly sizes: Pick<Sizes, (typeof switches)[number]>;
  /** Undefined for a cluster on one engine. */
  readonly swarm?: object | undefined;
}

/** A port that a person opens, and the page behind it. */
export interface Page {
  /** Its field of the config key `ports`, and its stack output. */
  readonly key: keyof Ports;
  /** The port in the container. */
  readonly internal: number;
  /** As `make up` lists it. */
  readonly title: string;
  /** Its entry in JupyterLab's menu; without it, it has none. */
  readonly menu?: { readonly title: string; readonly address: keyof Addresses };
  /** What others can do who reach the port; without it, the port is on 127.0.0.1 whatever `bindAddress` is. */
  readonly exposes?: (config: Pick<ClusterConfig, "tls">) => string;
}

/** Addresses of Spark's pages, as a browser on the engine's machine opens them. */
export interface Addresses {
  readonly sparkUi: string;
  /** Undefined without a history server. */
  readonly historyServer?: string | undefined;
}

/** What the files of a role are made of. */
export interface FilesContext {
  readonly config: ClusterConfig;
  readonly addresses: Addresses;
  readonly secrets: ClusterSecrets;
}

/** Generated values. Those of roles that are off are undefined. */
export interface ClusterSecrets {
  readonly token: pulumi.Output<string>;
  readonly rpc: pulumi.Output<string>;
  readonly connectToken: pulumi.Output<string> | undefined;
  readonly catalogPassword: pulumi.Output<string> | undefined;
}

/** File name -> content. */
export type Files = Readonly<Record<string, pulumi.Input<string>>>;

/** A volume of a role. */
export interface RoleVolume {
  /** `scratch` goes with the container, `state` with the stack, `kept` by make purge alone. */
  readonly kind: "scratch" | "state" | "kept";
  /** What its name on the engine has after that of the container. */
  readonly suffix: string;
  /** The end of its resource's name, if that is not the end of its name on the engine. */
  readonly resource?: string;
  readonly path: string;
}

/** Everything about one kind of container. What it runs on, an engine or a swarm, is the matter of the targets in components/. */
export interface Role {
  /** The value of the label spark-cluster.role, and the end of the container's name. */
  readonly name: RoleName;
  /** As messages call it. */
  readonly title: string;
  /** The type of its component in URNs. */
  readonly component: string;
  /** Name for the other containers; that of a worker ends with its number. */
  readonly hostname: string;
  /** The folder in images/, and the image it is built on. Images of roles that are off are built too, unless `isOptional`. */
  readonly image: { readonly name: string; readonly parent: "base" | "spark-base"; readonly isOptional?: boolean };
  /** The command of the image that ends with 0 if the container does its work. */
  readonly healthcheck: string;
  /** In place of `healthcheck` on a swarm, which replaces a container that fails it. */
  readonly healthcheckOnSwarm?: readonly string[];
  /** Without it, there is always one. */
  isOn?(composition: Composition): boolean;
  /** Limit of the container with all its processes and its /tmp. */
  memory(sizes: Sizes): Mebibytes;
  /** Limit of CPUs. */
  cpus(sizes: Sizes): number;
  /** Weight among containers that compete for CPUs, of the engine's 1024. */
  readonly cpuShares?: number;
  /** Which files it reads: the first word of their volume's name. Roles with the same word share them. */
  readonly filesOf?: string;
  files?(context: FilesContext): Files;
  readonly volumes?: readonly RoleVolume[];
  /** Where it sees the shared volume a second time. */
  readonly workspaceToo?: string;
  environment?(config: ClusterConfig): Readonly<Record<string, string>>;
  readonly page?: Page;
  /** Values whose change replaces the container; without it, a change of its files does. */
  replacedBy?(config: ClusterConfig): Readonly<Record<string, string>>;
}
