import { Engine } from "../engine/engine";
import { EngineFacts } from "../engine/facts";
import { Mebibytes } from "./memory";
import { RoleName } from "../roles/names";
import { SizeKey, Values } from "./schema";

/** The keys that the memory and core calculations use, and the keys that switch roles on and off. Memory is in MiB. */
export type Sizes = Pick<Values, Exclude<SizeKey, "workers" | "offHeapMemory">> & {
  /** At least 1; on a swarm with `per-node`, the number of nodes. */
  readonly workers: number;
  /** 0 for none. */
  readonly offHeapMemory: Mebibytes;
};

/** The keys whose values are in {@link ImageConfig} as they are. */
export const imageKeys = [
  "baseImage",
  "sparkVersion",
  "tables",
  "accelerator",
  "extraPythonPackages",
  "extraDebianPackages",
  "extraLabPackages",
  "extraJars",
  "rebuild",
] as const;

/** The contents of the images. Every field is a part of their tags. */
export interface ImageConfig extends Pick<Values, (typeof imageKeys)[number]> {
  /** The lines of `pythonRequirements`, without comments. */
  readonly requirements: string;
  /** Whether Spark can read and write S3. */
  readonly s3: boolean;
  /** Whether the history server has metrics. */
  readonly historyMetrics: boolean;
}

/** Where images are pulled from, and where `make publish` pushes them. */
export interface ImageSupply {
  /** Whether the images are built on the engine or pulled from the registry. */
  readonly source: "build" | "pull";
  /** Host and path, such as `registry.example.com/team`; empty for none. */
  readonly registry: string;
  /** The tag of all images in the registry; if empty, each image has a tag from the hash of its content. */
  readonly tag: string;
  /** The registry user; if empty, the engine client's stored login is used. */
  readonly user: string;
  readonly password: string;
  /** The engine's architecture, as images name it: `amd64`, `arm64` ... */
  readonly architecture: string;
}

/** The keys whose values are in {@link PackageSources} as they are. */
export const sourceKeys = ["pipIndexUrl", "aptMirror", "mavenMirror", "goProxy", "httpProxy", "noProxy"] as const;

/** How a build on this machine reaches packages. No field is in a tag, an image or its history. */
export interface PackageSources extends Pick<Values, (typeof sourceKeys)[number]> {
  /** Trusted certificates, as one PEM text; empty for none. */
  readonly certificates: string;
}

/** An S3-compatible object store, and the cluster's credentials for it, which are empty for its own store: they are generated. */
export type S3 = Required<Values["s3"]>;

/** Folders of the engine's machine in the containers, with absolute paths. */
export interface HostFolders {
  /** The workspace; undefined if it is a volume. */
  readonly workspace: string | undefined;
  /** Mounted in the workspace. */
  readonly others: readonly { readonly name: string; readonly path: string; readonly readOnly: boolean }[];
  /** The user of containers that write to the workspace; undefined for the images' user. */
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
  /** The mapping of users that makes the images' user the owner of the workspace; undefined for the engine's own. */
  readonly userns: string | undefined;
}

/** JupyterLab's TLS: off, with a certificate that it generates, or with a given certificate and key in PEM format. */
export type Tls = "none" | "generated" | { readonly certificate: string; readonly key: string };

/** Storage that all nodes of a swarm share: an NFS export, or a folder that every node has mounted. */
export type SharedStorage =
  { readonly nfs: { readonly server: string; readonly path: string; readonly options: string } } | { readonly folder: string };

/** The additional configuration of a cluster on a swarm. */
export interface SwarmConfig {
  /** Whether each node runs one worker, instead of a fixed number of workers in all. */
  readonly perNode: boolean;
  /** Whether the overlay network encrypts traffic between nodes, in addition to Spark. */
  readonly encryptedNetwork: boolean;
  /** Role -> `label=value` of the nodes that may run it. */
  readonly placement: Readonly<Partial<Record<RoleName, string>>>;
  /** Undefined if volumes are on the disk of one node. */
  readonly storage: SharedStorage | undefined;
  /** Seconds for executors to finish tasks and migrate blocks before their worker stops. */
  readonly drainTimeout: number;
  /** The node id of the manager that the stack names; undefined if it did not respond. */
  readonly manager: string | undefined;
  /** Whether the swarm has a single node, drained and dead ones counted. */
  readonly oneNode: boolean;
  /** Ids of the nodes that may run workers. */
  readonly workerNodes: readonly string[];
}

/** The published ports, by field of the config key `ports`. */
export type Ports = Readonly<Record<keyof Values["ports"], number>>;

/** The keys whose values are in {@link ClusterConfig} as they are. Memory is in MiB. */
export const passedKeys = [
  "bindAddress",
  "basePath",
  "tls",
  "eventLogRetention",
  "workRetention",
  "logSize",
  "logFiles",
  "pidsLimit",
  "sparkProperties",
  "idleTimeout",
  "timeZone",
  "tokenGeneration",
  "secretGeneration",
  "readyTimeout",
] as const;

/** The checked configuration of a stack, as plain values. */
export interface ClusterConfig extends Pick<Values, (typeof passedKeys)[number]>, Pick<EngineFacts, "limits" | "bridgeMoves"> {
  readonly stack: string;
  readonly sizes: Sizes;
  /** Undefined for a cluster on one engine. */
  readonly swarm: SwarmConfig | undefined;
  readonly images: ImageConfig;
  readonly supply: ImageSupply;
  readonly packageSources: PackageSources;
  readonly ports: Ports;
  readonly folders: HostFolders;
  /** Undefined without an object store. */
  readonly s3: S3 | undefined;
}

/** The configuration of a cluster on a swarm. */
export type SwarmClusterConfig = ClusterConfig & { readonly swarm: SwarmConfig };

/** A configuration that was checked against the engine that runs the cluster. */
export interface CheckedConfig {
  readonly config: ClusterConfig;
  /** It cannot change during the life of the cluster. */
  readonly engine: Engine;
  /** Names with tags of the images that the engine has, which need no build. Without it, all are built, from the engine's cache. */
  readonly images?: ReadonlySet<string> | undefined;
}
