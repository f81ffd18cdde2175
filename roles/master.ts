import { daemonProperties, localPath, masterHost, propertiesFile } from "../spark/properties";
import { daemonEnvironment } from "../spark/daemon";
import { Role } from "./role";

/**
 * The standalone master and its UI, through which all of Spark's pages are reached. It keeps its state of workers and
 * applications on a volume, so jobs survive the master's death.
 */
export const master = {
  name: "master",
  title: "the master",
  component: "spark:SparkMaster",
  hostname: masterHost,
  image: { name: "spark-master", parent: "spark-base" },
  healthcheck: "master-state",
  memory: ({ masterMemory, tmpMemory }) => masterMemory + tmpMemory,
  cpus: "daemonCores",
  filesOf: "daemon",
  files: ({ config, addresses, secrets }) => ({
    [propertiesFile]: secrets.rpc.apply((secret) => daemonProperties(config, addresses, secret)),
  }),
  volumes: [{ kind: "state", suffix: "-state", path: localPath }],
  environment: ({ sizes }) => daemonEnvironment(sizes.masterMemory),
  page: {
    key: "sparkUi",
    internal: 8080,
    title: "Spark's UI",
    path: "/ui",
    menu: { title: "Workers and Running Applications", address: "sparkUi" },
    exposes: () => "Spark's UI, without a login: the names, settings and logs of all applications",
  },
} as const satisfies Role;
