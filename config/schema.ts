import { engineKinds } from "../engine/engine";
import { RoleName, roleNames } from "../roles/names";
import { readCertificates } from "./certificates";
import { Declaration, group, key, ValueOf } from "./declaration";
import { list } from "./packages";
import {
  address,
  basePath,
  bucket,
  duration,
  filePath,
  flag,
  folder,
  idleTime,
  imageName,
  line,
  memory,
  nfsExport,
  nfsOptions,
  nodeLabel,
  oneOf,
  orWord,
  port,
  registry,
  sharedFolder,
  tag,
  textMap,
  url,
  wholeNumber,
  word,
} from "./readers";
import { defaultSparkVersion, sparkVersions } from "./sparkVersions";
import { timeZone } from "./timeZone";
import { readTls } from "./tls";

/** MiB. Spark rejects smaller executors and drivers: 1.5 times the 300 MiB that it reserves (UnifiedMemoryManager). */
const smallestHeap = 450;

/** Upper bound of workers, cores and sessions: more than any engine runs, but few enough for the program to count and list. */
export const mostOfAnything = 10_000;

const count = wholeNumber(1, mostOfAnything);

/** The roles that `placement` applies to. The gateway always runs on the manager that the stack names; no swarm has an object store. */
export type PlacedRole = Exclude<RoleName, "gateway" | "object-store">;
const placedRoles = roleNames.filter((role) => role !== "gateway" && role !== "object-store");

/** All config keys. `make readme` generates Pulumi.yaml's section `config` and the reference from them. */
export const schema = {
  target: key(
    oneOf(["engine", "swarm"] as const),
    "engine",
    "Where the cluster runs, engine for one machine, swarm for the nodes of the Docker Swarm that docker:host manages.",
  ),
  workers: key(orWord("per-node", count), "2", "Number of workers, at least 1; on a swarm also per-node, one on each node."),
  workerCores: key(count, "2", "Task slots of each worker; at most the engine's CPUs."),
  workerMemory: key(memory(smallestHeap), "1g", "Heap that each worker offers to executors."),
  executorCores: key(count, "1", "Task slots of an executor. Multiplied by sessions, at most workerCores."),
  executorMemory: key(memory(smallestHeap), "512m", "Heap of an executor. Multiplied by sessions, at most workerMemory."),
  driverMemory: key(memory(smallestHeap), "1g", "Heap of a notebook's driver."),
  pythonMemory: key(memory(256), "512m", "Memory for Python, in addition to each executor's and each driver's heap."),
  offHeapMemory: key(
    orWord("auto", memory(0)),
    "auto",
    "Memory outside of an executor's heap that SQL uses instead of the heap, auto for at least 1g with an accelerator and 0m without.",
  ),
  sessions: key(count, "2", "Number of notebooks that can have an executor on every worker at the same time."),
  ideMemory: key(memory(256), "512m", "Memory of JupyterLab itself, without notebooks."),
  masterMemory: key(memory(384), "512m", "Memory of the master; half of it is heap."),
  daemonMemory: key(memory(256), "256m", "Memory of each worker's own process, without its executors; half of it is heap."),
  tmpMemory: key(memory(64), "128m", "Size of /tmp in each container. It is in memory and counts towards the container's limit."),
  historyServer: key(flag, "true", "Whether applications write event logs and a history server shows them."),
  historyMemory: key(memory(384), "512m", "Memory of the history server; half of it is heap."),
  sparkConnect: key(
    flag,
    "false",
    "Whether a Spark Connect server lets programs on the engine's machine use the cluster. It uses one of the sessions.",
  ),
  metrics: key(
    flag,
    "false",
    "Whether the master, workers, drivers, executors and the history server have metrics for Prometheus.",
  ),
  catalog: key(
    oneOf(["session", "shared"] as const),
    "shared",
    "Where tables are recorded, shared for a persistent database of all sessions, session for one in each session's memory.",
  ),
  catalogMemory: key(
    memory(128),
    "128m",
    "Memory of the shared catalog's database; six sessions with tables use half of the default.",
  ),
  tables: key(
    oneOf(["parquet", "delta", "iceberg"] as const),
    "parquet",
    "Format of the tables that saveAsTable makes. delta and iceberg add the jars and the settings of Delta Lake or Apache Iceberg.",
  ),
  objectStore: key(
    flag,
    "false",
    "Whether the cluster has an S3-compatible object store of its own, for trying, with the bucket spark.",
  ),
  objectStoreMemory: key(memory(128), "256m", "Memory of the object store."),
  eventLogRetention: key(
    duration,
    "30d",
    "How long event logs are kept after their last event, in days or hours. On the volume, open applications of the cluster keep theirs.",
  ),
  workRetention: key(
    duration,
    "1h",
    "How long workers keep the folders of finished applications, with their executor logs, in days or hours.",
  ),
  logSize: key(memory(1), "10m", "Size at which container and executor logs are rotated."),
  logFiles: key(wholeNumber(1, 100), "3", "Number of files of logSize that each log keeps."),
  ideCores: key(count, "2", "CPU limit of JupyterLab, drivers included; the Spark Connect server has the same limit."),
  daemonCores: key(
    count,
    "2",
    "CPU limit of the master, the history server, the catalog and the object store, each; workers have workerCores.",
  ),
  pidsLimit: key(
    wholeNumber(256, 1_000_000),
    "2048",
    "Limit of processes and threads of each container. On Podman, pids_limit in containers.conf (2048) applies instead.",
  ),
  engine: key(
    oneOf(engineKinds),
    "docker",
    "The engine, docker or podman. Its address is Pulumi's docker:host, else DOCKER_HOST, else Docker's context, else the engine's own socket.",
  ),
  imageSource: key(
    oneOf(["build", "pull"] as const),
    "build",
    "Whether to build the images on the engine, or to pull them from imageRegistry.",
  ),
  imageRegistry: key(
    registry,
    "",
    "Registry and path that make publish pushes to and pull pulls from, such as registry.example.com/team.",
  ),
  imageTag: key(tag, "", "Tag of the images in the registry; if empty, the hash of each image's content and the architecture."),
  registryUser: key(
    line,
    "",
    "Registry user; if empty, the login of the engine's client is used, which is not passed to the nodes of a swarm.",
  ),
  registryPassword: key(line, "", "Password of the registry user, to be set with --secret."),
  sparkVersion: key(
    oneOf(sparkVersions),
    defaultSparkVersion,
    "Version of Spark. images/spark-base/python must have a lock file for it.",
  ),
  accelerator: key(
    oneOf(["none", "comet"] as const),
    "none",
    "What runs SQL queries and DataFrames, none for Spark itself, comet for Apache DataFusion Comet's native code where it can.",
  ),
  extraPythonPackages: key(
    list,
    "[]",
    "Additional PyPI packages for notebooks and workers, each a name with a version as pip takes it.",
  ),
  pythonRequirements: key(
    filePath,
    "",
    "A requirements file of pip for notebooks and workers, relative to the project. It may have hashes.",
  ),
  extraDebianPackages: key(list, "[]", "Additional Debian packages for notebooks and workers, such as fonts-noto-cjk."),
  extraLabPackages: key(
    list,
    "[]",
    "Additional PyPI packages for JupyterLab itself, such as an extension or a language pack, as in extraPythonPackages.",
  ),
  extraJars: key(
    list,
    "[]",
    "Additional jars, with their dependencies, as Maven coordinates (group:artifact:version, @sha256:... to pin the checksum).",
  ),
  s3: group(
    "An object store for s3a:// addresses; s3.accessKey and s3.secretKey are set with --secret.",
    {
      endpoint: key(url, "", "Address of the store; if empty, Amazon S3 in the region."),
      accessKey: key(line, "", "Access key, to be set with --secret."),
      secretKey: key(line, "", "Secret key, to be set with --secret."),
      region: key(word, "us-east-1", "Region of the store."),
      pathStyle: key(
        flag,
        "",
        "Whether URLs have the bucket in their path, not in their host. The default is true if endpoint is set.",
      ),
      bucket: key(bucket, "", "Bucket for event logs and tables, instead of the shared volume."),
    },
    { isShown: false },
  ),
  baseImage: key(
    imageName,
    "docker.io/library/debian:bookworm-slim",
    "The Debian 12 image that all others are built on; make pin adds its digest from the registry.",
  ),
  rebuild: key(word, "", "Change it to any new value to rebuild all images with the current security updates."),
  caCertificates: key(
    folder("auto", "none", readCertificates),
    "auto",
    "Folder of certificates to trust in the images (*.crt, *.pem); auto for this machine's locally trusted ones, none for none.",
  ),
  pipIndexUrl: key(url, "", "Index of Python packages while images are built. May contain a password if set with --secret."),
  aptMirror: key(
    url,
    "",
    "Mirror for apt while images are built. It replaces the scheme and host of every Debian source. May contain a password if set with --secret.",
  ),
  mavenMirror: key(
    url,
    "",
    "Maven repository for jars while images are built, instead of Maven Central. May contain a password if set with --secret.",
  ),
  goProxy: key(
    url,
    "",
    "Go module proxy while the object store's image is built, instead of Go's own. May contain a password if set with --secret.",
  ),
  httpProxy: key(url, "", "Proxy for http and https while images are built. May contain a password if set with --secret."),
  noProxy: key(word, "", "Hosts that builds reach without the proxy, separated by commas."),
  bindAddress: key(
    address,
    "127.0.0.1",
    "Address of the engine's machine on which ports are published. With 0.0.0.0 the whole network can reach them.",
  ),
  ports: group("Published ports.", {
    jupyterlab: key(port(8888), "8888", "Port of JupyterLab."),
    sparkUi: key(port(8080), "8080", "Port of Spark's UI."),
    historyServer: key(port(18080), "18080", "Port of the history server."),
    sparkConnect: key(port(15002), "15002", "Port of Spark Connect, always on 127.0.0.1."),
    metrics: key(port(9095), "9095", "Port of the metrics."),
    objectStore: key(port(7070), "7070", "Port of the object store, always on 127.0.0.1."),
  }),
  tls: key(
    folder("none", "generated", (text) => readTls(text, Date.now())),
    "none",
    "TLS of JupyterLab, none for http, generated for https with a generated certificate, or a folder with tls.crt and tls.key.",
  ),
  workspaceFolder: key(
    filePath,
    "",
    "A folder of this machine to be the shared workspace, in place of a volume. Relative to the project, or from ~.",
  ),
  folders: key(
    textMap,
    "{}",
    "More folders of this machine, by their name in the workspace, such as folders.measured /srv/measured:ro, read-only with :ro.",
  ),
  basePath: key(
    basePath,
    "",
    "Path of all pages on JupyterLab's port, for a reverse proxy, such as /spark: /spark/lab, /spark/ui/, /spark/history-server/.",
  ),
  sparkProperties: key(
    textMap,
    "{}",
    "Spark settings of every application. They override those that the cluster computes; sizes, addresses and security are rejected.",
  ),
  idleTimeout: key(
    idleTime,
    "none",
    "Time without work after which a session's executors end, and kernels that no browser shows, as 30m or 2h; none keeps both.",
  ),
  timeZone: key(
    timeZone,
    "UTC",
    "Time zone of SQL, Python and logs in all containers, by its name in the tz database, such as Europe/Berlin. A change shifts data that is partitioned by a timestamp.",
  ),
  tokenGeneration: key(word, "1", "Change it to any new value for new tokens of JupyterLab and Spark Connect."),
  secretGeneration: key(
    word,
    "1",
    "Change it to any new value for new secrets of Spark's RPC, the shared catalog and the object store.",
  ),
  readyTimeout: key(wholeNumber(10, 3600), "180", "Timeout in seconds for all workers to register after a start."),
  placement: group(
    "On a swarm, the label of the nodes that may run a role, such as placement.worker disk=ssd.",
    Object.fromEntries(
      placedRoles.map((role) => [role, key(nodeLabel, "", `Label of the nodes that may run the role ${role}, LABEL=VALUE.`)]),
    ) as Readonly<Record<PlacedRole, Declaration<string>>>,
    { noun: "role" },
  ),
  sharedStorage: group("On a swarm, the storage that all nodes share.", {
    nfs: key(nfsExport, "", "An export of an NFS server, SERVER:/EXPORT."),
    nfsOptions: key(nfsOptions, "nfsvers=4", "Options of mount.nfs for this export."),
    folder: key(sharedFolder, "", "A folder that every node has mounted."),
  }),
  networkEncryption: key(
    flag,
    "true",
    "Whether the network between the nodes of a swarm is encrypted with IPsec, for which their kernels need ESP.",
  ),
  drainTimeout: key(
    wholeNumber(1, 3600),
    "120",
    "Seconds for executors on a swarm to finish tasks and migrate blocks before an update stops their worker.",
  ),
} satisfies Record<string, Declaration<unknown>>;

/** The keys that switch roles on and off. */
export const switches = ["historyServer", "sparkConnect", "metrics", "catalog", "objectStore"] as const;

/** The keys that decide which resources a cluster has. As arguments they cannot be outputs. */
export const plainKeys = [
  ...switches,
  "target",
  "workers",
  "engine",
  "imageSource",
  "workspaceFolder",
  "tokenGeneration",
  "secretGeneration",
] as const;

/** The keys that limit the CPUs of containers. */
export const coreKeys = ["workerCores", "ideCores", "daemonCores"] as const;
export type CoreKey = (typeof coreKeys)[number];

/** The keys that the memory and core calculations use. */
export const sizeKeys = [
  ...switches,
  ...coreKeys,
  "workers",
  "workerMemory",
  "executorCores",
  "executorMemory",
  "driverMemory",
  "pythonMemory",
  "offHeapMemory",
  "sessions",
  "ideMemory",
  "masterMemory",
  "daemonMemory",
  "tmpMemory",
  "historyMemory",
  "catalogMemory",
  "objectStoreMemory",
] as const;
export type SizeKey = (typeof sizeKeys)[number];

/** The name of a config key. */
export type Key = keyof typeof schema;

/** The values of all keys. */
export type Values = { readonly [K in Key]: ValueOf<(typeof schema)[K]> };

export const keys = Object.keys(schema) as Key[];
