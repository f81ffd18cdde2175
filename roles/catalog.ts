import { catalogFiles, catalogHost } from "../spark/properties";
import { Role } from "./role";

/** The database of the shared catalog. Its data outlives the cluster, like the tables' files. */
export const catalog = {
  name: "catalog",
  title: "the catalog",
  component: "storage:SharedCatalog",
  hostname: catalogHost,
  image: { name: "catalog", parent: "base", isOptional: true },
  healthcheck: "catalog-answers",
  isOn: ({ sizes }) => sizes.catalog === "shared",
  memory: ({ catalogMemory, tmpMemory }) => catalogMemory + tmpMemory,
  cpus: "daemonCores",
  isOfImagesUser: true, // PostgreSQL starts only as the owner of its data
  filesOf: "catalog",
  files: ({ config, secrets }) => catalogFiles(config, secrets.catalogPassword ?? ""),
  volumes: [{ kind: "kept", suffix: "", resource: "catalog-data", path: "/var/lib/catalog", isOfWorkspace: true }],
} as const satisfies Role;
