import { objectStoreBuckets, objectStoreHost, objectStorePort } from "../spark/objectStore";
import { Role } from "./role";

/** A part of the memory that Go's garbage collector tries to stay in. */
const partOfGo = 0.8;

/** An S3-compatible server, for trying. Its data outlives the cluster. */
export const objectStore = {
  name: "object-store",
  title: "the object store",
  component: "storage:ObjectStore",
  hostname: objectStoreHost,
  image: { name: "object-store", parent: "base", isOptional: true },
  healthcheck: "object-store-answers",
  isOn: ({ sizes }) => sizes.objectStore,
  memory: ({ objectStoreMemory, tmpMemory }) => objectStoreMemory + tmpMemory,
  cpus: "daemonCores",
  isOfImagesUser: true, // its data is on a volume of its own
  filesOf: "object-store",
  files: ({ secrets: { objectStoreKeys } }) => ({
    "object-store-access-key": objectStoreKeys?.accessKey ?? "",
    "object-store-secret-key": objectStoreKeys?.secretKey ?? "",
  }),
  volumes: [{ kind: "kept", suffix: "", resource: "object-store-data", path: "/var/lib/object-store" }],
  environment: (config) => ({
    BUCKETS: objectStoreBuckets(config).join(" "),
    GOMEMLIMIT: `${Math.floor(config.sizes.objectStoreMemory * partOfGo)}MiB`,
  }),
  // Signatures need no TLS, but the data crosses the network in plain text. Clients on other machines need a tunnel.
  page: { key: "objectStore", internal: objectStorePort, title: "S3" },
} as const satisfies Role;
