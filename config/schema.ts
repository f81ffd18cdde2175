import { engineKinds } from "../engine/engine";
import { RoleName, roleNames } from "../roles/names";
import { Declaration, group, key, ValueOf } from "./declaration";
import { list } from "./packages";
import {
  address,
  bucket,
  duration,
  flag,
  folder,
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
import { sparkVersions } from "./sparkVersions";

/** MiB. Spark refuses smaller executors and drivers: 1.5 times the 300 MiB that it reserves (UnifiedMemoryManager). */
const smallestHeap = 450;

/** Upper bound of workers, cores and sessions. No engine carries as many, and the program can still count and list them. */
export const mostOfAnything = 10_000;

const count = wholeNumber(1, mostOfAnything);

/** The roles that a swarm places by labels. The gateway is always on the manager that the stack names. */
export type PlacedRole = Exclude<RoleName, "gateway">;
const placedRoles = roleNames.filter((role) => role !== "gateway");

/** Every config key. Pulumi.yaml and the reference are written from it by `make readme`. */
export const schema = {
  target: key(
    oneOf(["engine", "swarm"] as const),
    "engine",
    "Where the cluster runs, engine for one machine, swarm for the machines of the Docker Swarm that docker:host manages.",
  ),
  workers: key(orWord("per-node", count), "2", "Worker containers, 1 or more; on a swarm also per-node, one on each node."),
  workerCores: key(count, "2", "Task slots of each worker; at most the engine's CPUs."),
  workerMemory: key(memory(smallestHeap), "1g", "Heap that each worker may give to executors."),
  executorCores: key(count, "1", "Task slots of an executor. Times sessions, at most workerCores."),
  executorMemory: key(memory(smallestHeap), "512m", "Heap of an executor. Times sessions, at most workerMemory."),
  driverMemory: key(memory(smallestHeap), "1g", "Heap of a notebook's driver."),
  pythonMemory: key(memory(256), "512m", "Memory of Python beside each executor and beside each driver."),
  sessions: key(count, "2", "Notebooks that have an executor on every worker at the same time."),
  ideMemory: key(memory(256), "512m", "Memory of JupyterLab itself, without notebooks."),
  masterMemory: key(memory(384), "512m", "Memory of the master; half of it is heap."),
  daemonMemory: key(memory(256), "256m", "Memory of a worker itself, beside its executors; half of it is heap."),
  tmpMemory: key(memory(64), "128m", "Size of /tmp in each container. It is in memory and counts."),
  historyServer: key(flag, "true", "Whether event logs of applications are kept and a history server shows them."),
  historyMemory: key(memory(384), "512m", "Memory of the history server; half of it is heap."),
  sparkConnect: key(
    flag,
    "false",
    "Whether a Spark Connect server lets programs of this machine use the cluster. It takes one of the sessions.",
  ),
  catalog: key(
    oneOf(["session", "shared"] as const),
    "shared",
    "Where tables are recorded, shared for a database that all sessions use and that keeps them, session for each session's own memory.",
  ),
  catalogMemory: key(
    memory(128),
    "128m",
    "Memory of the shared catalog's database; six sessions with tables take half of the default.",
  ),
  eventLogRetention: key(duration, "30d", "How long event logs are kept, in days or hours."),
  workRetention: key(
    duration,
    "1h",
    "How long workers keep the folders of applications that have ended, with the logs of their executors, in days or hours.",
  ),
  logSize: key(memory(1), "10m", "Size at which a log of a container or of an executor is followed by another file."),
  logFiles: key(wholeNumber(1, 100), "3", "Files of that size that each log keeps."),
  ideCores: key(count, "2", "CPUs that JupyterLab may take, drivers included; a Spark Connect server has as many."),
  daemonCores: key(count, "2", "CPUs that the master, the history server and the catalog may take, each."),
  pidsLimit: key(
    wholeNumber(256, 1_000_000),
    "2048",
    "Processes and threads of each container. On Podman, pids_limit in containers.conf (2048) applies instead.",
  ),
  engine: key(
    oneOf(engineKinds),
    "docker",
    "The engine, docker or podman. Its address is Pulumi's docker:host, else DOCKER_HOST, else the engine's own socket.",
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
  imageTag: key(tag, "", "Tag of the images in the registry; without it, the tag of each image is the hash of its content."),
  registryUser: key(line, "", "User of the registry; without it, the login of the engine's client applies."),
  registryPassword: key(line, "", "Password of the registry's user, to be set with --secret."),
  sparkVersion: key(oneOf(sparkVersions), "4.1.4", "Version of Spark, one that has a lock file in images/spark-base/python."),
  extraPythonPackages: key(
    list,
    "[]",
    "Packages of PyPI that notebooks and workers have beside Spark's, each a name with a version as pip takes it.",
  ),
  extraJars: key(
    list,
    "[]",
    "Jars that Spark has beside its own, with all that they need, each as Maven coordinates (group:artifact:version, and @sha256:... to hold a jar to its sum).",
  ),
  s3: group(
    "An object store for s3a:// addresses; s3.accessKey and s3.secretKey are set with --secret.",
    {
      endpoint: key(url, "", "Address of the store; without it, Amazon's own by its region."),
      accessKey: key(line, "", "Access key, to be set with --secret."),
      secretKey: key(line, "", "Secret key, to be set with --secret."),
      region: key(word, "us-east-1", "Region of the store."),
      pathStyle: key(flag, "", "Whether a bucket is a part of the path, not of the host; true where there is an endpoint."),
      bucket: key(bucket, "", "Bucket that event logs and tables are written to, in place of the shared volume."),
    },
    { isShown: false },
  ),
  baseImage: key(
    imageName,
    "docker.io/library/debian:bookworm-slim",
    "The image that all others are built on, a Debian 12; make pin adds the digest that its registry has it by.",
  ),
  rebuild: key(word, "", "Change it to any new value to rebuild all images, with the security updates of the day."),
  caCertificates: key(
    folder("auto", "none"),
    "auto",
    "Folder of certificates to trust in the images (*.crt, *.pem); auto for this machine's local ones, none for none.",
  ),
  pipIndexUrl: key(url, "", "Package index for pip while images are built. May hold a password if set with --secret."),
  aptMirror: key(url, "", "Mirror for apt while images are built, in place of scheme and host of every Debian source."),
  mavenMirror: key(
    url,
    "",
    "Maven repository for jars while images are built, in place of Maven Central. May hold a password if set with --secret.",
  ),
  httpProxy: key(url, "", "Proxy for http and https while images are built. May hold a password if set with --secret."),
  noProxy: key(word, "", "Hosts that are reached without the proxy, separated by commas."),
  bindAddress: key(
    address,
    "127.0.0.1",
    "Address of the engine's machine that ports are published on. 0.0.0.0 lets everyone in the network in.",
  ),
  ports: group("Published ports.", {
    jupyterlab: key(port(8888), "8888", "Port of JupyterLab."),
    sparkUi: key(port(8080), "8080", "Port of Spark's UI."),
    historyServer: key(port(18080), "18080", "Port of the history server."),
    sparkConnect: key(port(15002), "15002", "Port of Spark Connect, on 127.0.0.1 whatever bindAddress is."),
  }),
  tls: key(
    folder("none", "generated"),
    "none",
    "How JupyterLab is reached, none for http, generated for https with a certificate of its own making, or a folder with tls.crt and tls.key.",
  ),
  sparkProperties: key(textMap, "{}", "Spark settings for every application, over those that the cluster computes."),
  tokenGeneration: key(word, "1", "Change it to any new value for new tokens of JupyterLab and Spark Connect."),
  secretGeneration: key(
    word,
    "1",
    "Change it to any new value for a new RPC secret of Spark and a new password of the shared catalog.",
  ),
  readyTimeout: key(wholeNumber(10, 3600), "180", "Seconds that a start may take until all workers are registered."),
  placement: group(
    "On a swarm, the label that the nodes of a role have, such as placement.worker disk=ssd.",
    Object.fromEntries(
      placedRoles.map((role) => [role, key(nodeLabel, "", `Label of the nodes for the role ${role}, LABEL=VALUE.`)]),
    ) as Readonly<Record<PlacedRole, Declaration<string>>>,
    { noun: "role" },
  ),
  sharedStorage: group("On a swarm, the storage that all nodes share.", {
    nfs: key(nfsExport, "", "An export of an NFS server, SERVER:/EXPORT."),
    nfsOptions: key(nfsOptions, "nfsvers=4", "Options of mount.nfs for it."),
    folder: key(sharedFolder, "", "A folder that every node has mounted."),
  }),
  networkEncryption: key(
    flag,
    "true",
    "Whether the network between the nodes of a swarm is encrypted by IPsec, for which their kernels need ESP.",
  ),
  drainTimeout: key(
    wholeNumber(1, 3600),
    "120",
    "Seconds that executors on a swarm have for their tasks and blocks before an update ends their worker.",
  ),
} satisfies Record<string, Declaration<unknown>>;

/** The keys that decide which roles there are. */
export const switches = ["historyServer", "sparkConnect", "catalog"] as const;

/** The keys of the arithmetic. */
export const sizeKeys = [
  ...switches,
  "workers",
  "workerCores",
  "workerMemory",
  "executorCores",
  "executorMemory",
  "driverMemory",
  "pythonMemory",
  "sessions",
  "ideMemory",
  "masterMemory",
  "daemonMemory",
  "tmpMemory",
  "historyMemory",
  "catalogMemory",
  "ideCores",
  "daemonCores",
] as const;
export type SizeKey = (typeof sizeKeys)[number];

/** The name of a config key. */
export type Key = keyof typeof schema;

/** The values of all keys. */
export type Values = { readonly [K in Key]: ValueOf<(typeof schema)[K]> };

export const keys = Object.keys(schema) as Key[];
