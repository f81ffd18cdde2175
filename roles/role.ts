import * as pulumi from "@pulumi/pulumi";

import { ClusterConfig, ImageConfig, Ports, Sizes } from "../config/clusterConfig";
import { Mebibytes } from "../config/memory";
import { CoreKey, switches } from "../config/schema";
import { ObjectStoreKeys } from "../spark/objectStore";
import { RoleName } from "./names";

/** The part of a configuration that switches roles on and off. */
export interface Composition {
  readonly sizes: Pick<Sizes, (typeof switches)[number]>;
  /** Undefined for a cluster on one engine. */
  readonly swarm?: object | undefined;
}

/** A published port and its page. */
export interface Page {
  /** Its field in the config key `ports`, and the name of its stack output. */
  readonly key: keyof Ports;
  /** The port in the container. */
  readonly internal: number;
  /** Its title in the output of `make up`. */
  readonly title: string;
  /** Its path below `basePath` on JupyterLab's port: see images/jupyterlab/spark_pages.py. */
  readonly path?: string;
  /** Its entry in JupyterLab's menu. If undefined, the menu does not have it. */
  readonly menu?: { readonly title: string; readonly address: keyof Addresses };
  /** What the port exposes to other machines, in words. If undefined, it is published on 127.0.0.1 whatever `bindAddress` is. */
  readonly exposes?: (config: Pick<ClusterConfig, "tls">) => string;
}

/** URLs of Spark's pages: for a browser on the engine's machine or, with `basePath`, without the host. */
export interface Addresses {
  readonly sparkUi: string;
  /** Undefined without a history server. */
  readonly historyServer?: string | undefined;
}

/** The inputs of a role's files. */
export interface FilesContext {
  readonly config: ClusterConfig;
  readonly addresses: Addresses;
  readonly secrets: ClusterSecrets;
}

/** Generated secrets. Secrets of roles that are off are undefined. */
export interface ClusterSecrets {
  readonly token: pulumi.Output<string>;
  readonly rpc: pulumi.Output<string>;
  readonly connectToken: pulumi.Output<string> | undefined;
  readonly catalogPassword: pulumi.Output<string> | undefined;
  readonly objectStoreKeys: { readonly [K in keyof ObjectStoreKeys]: pulumi.Output<string> } | undefined;
}

/** File name -> content. */
export type Files = Readonly<Record<string, pulumi.Input<string>>>;

/** A volume of a role. */
export interface RoleVolume {
  /** `scratch` is deleted with the container, `state` with the stack, `kept` only by `make purge`. */
  readonly kind: "scratch" | "state" | "kept";
  /** The suffix of its name on the engine, after the container's name. */
  readonly suffix: string;
  /** The last part of its Pulumi resource name. @default the last part of its name on the engine */
  readonly resource?: string;
  readonly path: string;
  /** Whether it describes what is in the workspace, so that another workspace needs another volume. */
  readonly isOfWorkspace?: boolean;
}

/** Everything about one kind of container, except for the differences between engine and swarm: those are in components/. */
export interface Role {
  /** The value of the label spark-cluster.role, and the last part of the container's name. */
  readonly name: RoleName;
  /** Its name in messages. */
  readonly title: string;
  /** The type of its component in URNs. */
  readonly component: string;
  /** The host name by which other containers reach it. A worker's number is appended to it. */
  readonly hostname: string;
  /** The image's folder in images/, and its parent image. It is built even if the role is off, unless `isOptional`. */
  readonly image: {
    readonly name: string;
    readonly parent: "base" | "spark-base";
    readonly isOptional?: boolean;
    /** A stage of its Dockerfile that derives from `base`, and is built while `spark-base` is. */
    readonly stageOfBase?: string;
    /** Its build arguments, in addition to the parent. `base` is the reference of the image `base`, for a stage that derives from it. */
    readonly args?: (config: ImageConfig, base: string) => Readonly<Record<string, string>>;
  };
  /** A command of the image that exits with 0 if the container works. */
  readonly healthcheck: string;
  /** Replaces `healthcheck` on a swarm, because a swarm replaces containers that fail it. */
  readonly healthcheckOnSwarm?: readonly string[];
  /** Whether the role is on. @default always on */
  isOn?(composition: Composition): boolean;
  /** Memory limit of the container, in MiB, for all its processes and /tmp. */
  memory(sizes: Sizes): Mebibytes;
  /** CPU limit of the container, or the key that sets it. */
  readonly cpus: CoreKey | number;
  /** Weight of the container if CPUs are scarce. @default the engine's, 1024 */
  readonly cpuShares?: number;
  /** The group of files that it reads, the first part of their volume's name. Roles with the same group share the files. */
  readonly filesOf?: string;
  readonly files?: (context: FilesContext) => Files;
  readonly volumes?: readonly RoleVolume[];
  /** A second mount path of the shared volume. */
  readonly workspaceToo?: string;
  /** Whether its processes are the images' user even if the workspace is another user's. They do not mount the workspace. */
  readonly isOfImagesUser?: boolean;
  environment?(config: ClusterConfig): Readonly<Record<string, string>>;
  readonly page?: Page;
  /** Values whose change replaces the container. @default the hash of its files */
  replacedBy?(context: Omit<FilesContext, "addresses">): Readonly<Record<string, pulumi.Input<string>>>;
}
