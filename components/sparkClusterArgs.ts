import { Input } from "@pulumi/pulumi";

/** The arguments of a cluster. All are optional. */
export interface SparkClusterArgs extends ConfigArgs {
  /**
   * The cluster's name on its engine. Containers, volumes and the network are called `spark-cluster-ID-...`, and have it as label.
   *
   * @default PROJECT-STACK-NAME
   */
  readonly id?: string;
  /**
   * Address of the engine, as `docker:host` takes it.
   *
   * @default `docker:host`, else DOCKER_HOST, else the engine's own socket
   */
  readonly host?: string;
}

/** Written by `make readme`: the keys of the configuration. */
export interface ConfigArgs {
  /** Where the cluster runs, engine for one machine, swarm for the nodes of the Docker Swarm that docker:host manages. @default engine */
  readonly target?: "engine" | "swarm";
  /** Number of workers, at least 1; on a swarm also per-node, one on each node. @default 2 */
  readonly workers?: number | "per-node";
  /** Task slots of each worker; at most the engine's CPUs. @default 2 */
  readonly workerCores?: Input<number>;
  /** Heap that each worker offers to executors. @default 1g */
  readonly workerMemory?: Input<string>;
  /** Task slots of an executor. Multiplied by sessions, at most workerCores. @default 1 */
  readonly executorCores?: Input<number>;
  /** Heap of an executor. Multiplied by sessions, at most workerMemory. @default 512m */
  readonly executorMemory?: Input<string>;
  /** Heap of a notebook's driver. @default 1g */
  readonly driverMemory?: Input<string>;
  /** Memory for Python, in addition to each executor's and each driver's heap. @default 512m */
  readonly pythonMemory?: Input<string>;
  /** Memory outside of an executor's heap that SQL uses instead of the heap, auto for at least 1g with an accelerator and 0m without. @default auto */
  readonly offHeapMemory?: Input<string>;
  /** Number of notebooks that can have an executor on every worker at the same time. @default 2 */
  readonly sessions?: Input<number>;
  /** Memory of JupyterLab itself, without notebooks. @default 512m */
  readonly ideMemory?: Input<string>;
  /** Memory of the master; half of it is heap. @default 512m */
  readonly masterMemory?: Input<string>;
  /** Memory of each worker's own process, without its executors; half of it is heap. @default 256m */
  readonly daemonMemory?: Input<string>;
  /** Size of /tmp in each container. It is in memory and counts towards the container's limit. @default 128m */
  readonly tmpMemory?: Input<string>;
  /** Whether applications write event logs and a history server shows them. @default true */
  readonly historyServer?: boolean;
  /** Memory of the history server; half of it is heap. @default 512m */
  readonly historyMemory?: Input<string>;
  /** Whether a Spark Connect server lets programs on the engine's machine use the cluster. It uses one of the sessions. @default false */
  readonly sparkConnect?: boolean;
  /** Whether the master, workers, drivers, executors and the history server have metrics for Prometheus. @default false */
  readonly metrics?: boolean;
  /** Where tables are recorded, shared for a persistent database of all sessions, session for one in each session's memory. @default shared */
  readonly catalog?: "session" | "shared";
  /** Memory of the shared catalog's database; six sessions with tables use half of the default. @default 128m */
  readonly catalogMemory?: Input<string>;
  /** Format of the tables that saveAsTable makes. delta and iceberg add the jars and the settings of Delta Lake or Apache Iceberg. @default parquet */
  readonly tables?: Input<"parquet" | "delta" | "iceberg">;
  /** Whether the cluster has an S3-compatible object store of its own, for trying, with the bucket spark. @default false */
  readonly objectStore?: boolean;
  /** Memory of the object store. @default 256m */
  readonly objectStoreMemory?: Input<string>;
  /** How long event logs are kept after their last event, in days or hours. On the volume, open applications of the cluster keep theirs. @default 30d */
  readonly eventLogRetention?: Input<string>;
  /** How long workers keep the folders of finished applications, with their executor logs, in days or hours. @default 1h */
  readonly workRetention?: Input<string>;
  /** Size at which container and executor logs are rotated. @default 10m */
  readonly logSize?: Input<string>;
  /** Number of files of logSize that each log keeps. @default 3 */
  readonly logFiles?: Input<number>;
  /** CPU limit of JupyterLab, drivers included; the Spark Connect server has the same limit. @default 2 */
  readonly ideCores?: Input<number>;
  /** CPU limit of the master, the history server, the catalog and the object store, each; workers have workerCores. @default 2 */
  readonly daemonCores?: Input<number>;
  /** Limit of processes and threads of each container. On Podman, pids_limit in containers.conf (2048) applies instead. @default 2048 */
  readonly pidsLimit?: Input<number>;
  /** The engine, docker or podman. Its address is Pulumi's docker:host, else DOCKER_HOST, else Docker's context, else the engine's own socket. @default docker */
  readonly engine?: "docker" | "podman";
  /** Whether to build the images on the engine, or to pull them from imageRegistry. @default build */
  readonly imageSource?: "build" | "pull";
  /** Registry and path that make publish pushes to and pull pulls from, such as registry.example.com/team. */
  readonly imageRegistry?: Input<string>;
  /** Tag of the images in the registry; if empty, the hash of each image's content and the architecture. */
  readonly imageTag?: Input<string>;
  /** Registry user; if empty, the login of the engine's client is used, which is not passed to the nodes of a swarm. */
  readonly registryUser?: Input<string>;
  /** Password of the registry user, to be set with --secret. */
  readonly registryPassword?: Input<string>;
  /** Version of Spark. images/spark-base/python must have a lock file for it. @default 4.1.4 */
  readonly sparkVersion?: Input<"4.3.0" | "4.2.1" | "4.1.4" | "3.5.9">;
  /** What runs SQL queries and DataFrames, none for Spark itself, comet for Apache DataFusion Comet's native code where it can. @default none */
  readonly accelerator?: Input<"none" | "comet">;
  /** Additional PyPI packages for notebooks and workers, each a name with a version as pip takes it. */
  readonly extraPythonPackages?: Input<Input<string>[]>;
  /** A requirements file of pip for notebooks and workers, relative to the project. It may have hashes. */
  readonly pythonRequirements?: Input<string>;
  /** Additional Debian packages for notebooks and workers, such as fonts-noto-cjk. */
  readonly extraDebianPackages?: Input<Input<string>[]>;
  /** Additional PyPI packages for JupyterLab itself, such as an extension or a language pack, as in extraPythonPackages. */
  readonly extraLabPackages?: Input<Input<string>[]>;
  /** Additional jars, with their dependencies, as Maven coordinates (group:artifact:version, @sha256:... to pin the checksum). */
  readonly extraJars?: Input<Input<string>[]>;
  /** An object store for s3a:// addresses; s3.accessKey and s3.secretKey are set with --secret. */
  readonly s3?: Input<S3Args>;
  /** The Debian 12 image that all others are built on; make pin adds its digest from the registry. @default docker.io/library/debian:bookworm-slim */
  readonly baseImage?: Input<string>;
  /** Change it to any new value to rebuild all images with the current security updates. */
  readonly rebuild?: Input<string>;
  /** Folder of certificates to trust in the images (*.crt, *.pem); auto for this machine's locally trusted ones, none for none. @default auto */
  readonly caCertificates?: Input<string>;
  /** Index of Python packages while images are built. May contain a password if set with --secret. */
  readonly pipIndexUrl?: Input<string>;
  /** Mirror for apt while images are built. It replaces the scheme and host of every Debian source. May contain a password if set with --secret. */
  readonly aptMirror?: Input<string>;
  /** Maven repository for jars while images are built, instead of Maven Central. May contain a password if set with --secret. */
  readonly mavenMirror?: Input<string>;
  /** Go module proxy while the object store's image is built, instead of Go's own. May contain a password if set with --secret. */
  readonly goProxy?: Input<string>;
  /** Proxy for http and https while images are built. May contain a password if set with --secret. */
  readonly httpProxy?: Input<string>;
  /** Hosts that builds reach without the proxy, separated by commas. */
  readonly noProxy?: Input<string>;
  /** Address of the engine's machine on which ports are published. With 0.0.0.0 the whole network can reach them. @default 127.0.0.1 */
  readonly bindAddress?: Input<string>;
  /** Published ports. */
  readonly ports?: Input<PortsArgs>;
  /** TLS of JupyterLab, none for http, generated for https with a generated certificate, or a folder with tls.crt and tls.key. @default none */
  readonly tls?: Input<string>;
  /** A folder of this machine to be the shared workspace, in place of a volume. Relative to the project, or from ~. */
  readonly workspaceFolder?: string;
  /** More folders of this machine, by their name in the workspace, such as folders.measured /srv/measured:ro, read-only with :ro. */
  readonly folders?: Input<Record<string, Input<string | number | boolean>>>;
  /** Path of all pages on JupyterLab's port, for a reverse proxy, such as /spark: /spark/lab, /spark/ui/, /spark/history-server/. */
  readonly basePath?: Input<string>;
  /** Spark settings of every application. They override those that the cluster computes; sizes, addresses and security are rejected. */
  readonly sparkProperties?: Input<Record<string, Input<string | number | boolean>>>;
  /** Time without work after which a session's executors end, and kernels that no browser shows, as 30m or 2h; none keeps both. @default none */
  readonly idleTimeout?: Input<string>;
  /** Time zone of SQL, Python and logs in all containers, by its name in the tz database, such as Europe/Berlin. A change shifts data that is partitioned by a timestamp. @default UTC */
  readonly timeZone?: Input<string>;
  /** Change it to any new value for new tokens of JupyterLab and Spark Connect. @default 1 */
  readonly tokenGeneration?: string;
  /** Change it to any new value for new secrets of Spark's RPC, the shared catalog and the object store. @default 1 */
  readonly secretGeneration?: string;
  /** Timeout in seconds for all workers to register after a start. @default 180 */
  readonly readyTimeout?: Input<number>;
  /** On a swarm, the label of the nodes that may run a role, such as placement.worker disk=ssd. */
  readonly placement?: Input<PlacementArgs>;
  /** On a swarm, the storage that all nodes share. */
  readonly sharedStorage?: Input<SharedStorageArgs>;
  /** Whether the network between the nodes of a swarm is encrypted with IPsec, for which their kernels need ESP. @default true */
  readonly networkEncryption?: Input<boolean>;
  /** Seconds for executors on a swarm to finish tasks and migrate blocks before an update stops their worker. @default 120 */
  readonly drainTimeout?: Input<number>;
}

/** An object store for s3a:// addresses; s3.accessKey and s3.secretKey are set with --secret. */
export interface S3Args {
  /** Address of the store; if empty, Amazon S3 in the region. */
  readonly endpoint?: Input<string>;
  /** Access key, to be set with --secret. */
  readonly accessKey?: Input<string>;
  /** Secret key, to be set with --secret. */
  readonly secretKey?: Input<string>;
  /** Region of the store. @default us-east-1 */
  readonly region?: Input<string>;
  /** Whether URLs have the bucket in their path, not in their host. The default is true if endpoint is set. */
  readonly pathStyle?: Input<boolean>;
  /** Bucket for event logs and tables, instead of the shared volume. */
  readonly bucket?: Input<string>;
}

/** Published ports. */
export interface PortsArgs {
  /** Port of JupyterLab. @default 8888 */
  readonly jupyterlab?: Input<number>;
  /** Port of Spark's UI. @default 8080 */
  readonly sparkUi?: Input<number>;
  /** Port of the history server. @default 18080 */
  readonly historyServer?: Input<number>;
  /** Port of Spark Connect, always on 127.0.0.1. @default 15002 */
  readonly sparkConnect?: Input<number>;
  /** Port of the metrics. @default 9095 */
  readonly metrics?: Input<number>;
  /** Port of the object store, always on 127.0.0.1. @default 7070 */
  readonly objectStore?: Input<number>;
}

/** On a swarm, the label of the nodes that may run a role, such as placement.worker disk=ssd. */
export interface PlacementArgs {
  /** Label of the nodes that may run the role master, LABEL=VALUE. */
  readonly master?: Input<string>;
  /** Label of the nodes that may run the role worker, LABEL=VALUE. */
  readonly worker?: Input<string>;
  /** Label of the nodes that may run the role jupyterlab, LABEL=VALUE. */
  readonly jupyterlab?: Input<string>;
  /** Label of the nodes that may run the role history-server, LABEL=VALUE. */
  readonly "history-server"?: Input<string>;
  /** Label of the nodes that may run the role connect, LABEL=VALUE. */
  readonly connect?: Input<string>;
  /** Label of the nodes that may run the role metrics, LABEL=VALUE. */
  readonly metrics?: Input<string>;
  /** Label of the nodes that may run the role catalog, LABEL=VALUE. */
  readonly catalog?: Input<string>;
}

/** On a swarm, the storage that all nodes share. */
export interface SharedStorageArgs {
  /** An export of an NFS server, SERVER:/EXPORT. */
  readonly nfs?: Input<string>;
  /** Options of mount.nfs for this export. @default nfsvers=4 */
  readonly nfsOptions?: Input<string>;
  /** A folder that every node has mounted. */
  readonly folder?: Input<string>;
}
