import { PlacedRole, SizeKey, Values } from "./schema";
import { Mebibytes } from "./memory";

/** Every number of the cluster's arithmetic, by its config key, and the keys that decide which roles there are. Memory is in MiB. */
export type Sizes = Pick<Values, Exclude<SizeKey, "workers">> & {
  /** At least 1; on a swarm with `per-node`, the number of nodes. */
  readonly workers: number;
};

/** What the images are made of. All of it is in their tags. */
export interface ImageConfig {
  readonly baseImage: string;
  readonly sparkVersion: string;
  /** Requirements as pip takes them, such as `delta-spark==4.4.0`. */
  readonly extraPythonPackages: readonly string[];
  /** Maven coordinates, `group:artifact:version`, some with the sum that the jar has to have: `@sha256:...`. */
  readonly extraJars: readonly string[];
  /** Whether Spark can read and write S3. */
  readonly s3: boolean;
  /** Turned to make every image anew. */
  readonly rebuild: string;
}

/** Where the images come from, and where `make publish` takes them. */
export interface ImageSupply {
  /** Whether the images are built on the engine or pulled from the registry. */
  readonly source: "build" | "pull";
  /** Host and path, such as `registry.example.com/team`; empty for none. */
  readonly registry: string;
  /** The tag of all images in the registry; empty for the one that each image's content gives it. */
  readonly tag: string;
  /** Who logs in there; empty for what the engine's own client has been told. */
  readonly user: string;
  readonly password: string;
  /** What the engine's processor is, as images name it: `amd64`, `arm64` ... */
  readonly architecture: string;
}

/** How this machine reaches packages while it builds. None of it is in a tag, an image or its history. */
export interface PackageSources {
  /** Certificates to trust, as one PEM text; empty for none. */
  readonly certificates: string;
  readonly pipIndexUrl: string;
  readonly aptMirror: string;
  readonly mavenMirror: string;
  readonly httpProxy: string;
  readonly noProxy: string;
}

/** An object store that speaks S3, and who the cluster is there. */
export interface S3 {
  /** Its address; empty for Amazon's own. */
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
  /** Whether a bucket's name goes into the path of an address, not into its host. */
  readonly pathStyle: boolean;
  /** Where event logs and the files of tables are; empty for the shared volume. */
  readonly bucket: string;
}

/** How JupyterLab is reached: without TLS, with a certificate that it makes itself, or with one that is given, both as PEM texts. */
export type Tls = "none" | "generated" | { readonly certificate: string; readonly key: string };

/** Where data lies that all machines see as one: what a server exports over NFS, or a folder that each of them has mounted. */
export type SharedStorage =
  { readonly nfs: { readonly server: string; readonly path: string; readonly options: string } } | { readonly folder: string };

/** What a cluster on a swarm has beside the rest. */
export interface SwarmConfig {
  /** Whether there is a worker on each node, in place of a number of them. */
  readonly perNode: boolean;
  /** Whether what crosses the network between machines is encrypted by it, too. */
  readonly encryptedNetwork: boolean;
  /** Role -> `label=value` of the nodes that it may be on. */
  readonly placement: Readonly<Partial<Record<PlacedRole, string>>>;
  /** Undefined for the disk of one node. */
  readonly storage: SharedStorage | undefined;
  /** Seconds that an executor has for its tasks and blocks before its worker ends. */
  readonly drainTimeout: number;
  /** The id of the manager that the stack names; undefined where it did not answer. */
  readonly manager: string | undefined;
  /** Whether the swarm has a single node. */
  readonly oneNode: boolean;
  /** Ids of the nodes that workers may be on. */
  readonly workerNodes: readonly string[];
}

/** The published ports, by the fields of the config key `ports`. */
export type Ports = Readonly<Record<keyof Values["ports"], number>>;

/** The whole configuration of a stack, checked: plain values that components take as they are. */
export interface ClusterConfig {
  readonly stack: string;
  readonly sizes: Sizes;
  /** Undefined for a cluster on one engine. */
  readonly swarm: SwarmConfig | undefined;
  /** Whether containers are held to them: not every engine can. */
  readonly limits: boolean;
  readonly images: ImageConfig;
  readonly supply: ImageSupply;
  readonly packageSources: PackageSources;
  readonly bindAddress: string;
  readonly ports: Ports;
  readonly tls: Tls;
  /** How long the event logs of applications are kept, as Spark writes a time: `30d`. */
  readonly eventLogRetention: string;
  /** How long a worker keeps the folder of an application that has ended, jars and logs of its executors: `1h`. */
  readonly workRetention: string;
  /** The largest file of a container's log, and of an executor's. */
  readonly logSize: Mebibytes;
  /** How many files of that size a log may have. */
  readonly logFiles: number;
  /** Processes and threads that a container may have. */
  readonly pidsLimit: number;
  /** Undefined for none. */
  readonly s3: S3 | undefined;
  /** Settings for every application, over those that the cluster computes. May hold secrets. */
  readonly sparkProperties: Readonly<Record<string, string>>;
  /** Turned to make the tokens anew, JupyterLab's and Spark Connect's. */
  readonly tokenGeneration: string;
  /** Turned to make anew what containers tell each other by: Spark's RPC secret and the catalog's password. */
  readonly secretGeneration: string;
  /** Seconds that a start may take until all workers are registered. */
  readonly readyTimeout: number;
}
