import { formatMemory } from "../config/memory";
import { daemonEnvironment } from "../spark/daemon";
import { localPath } from "../spark/properties";
import { executorsPerWorker, overheadOf } from "../spark/sizes";
import { master } from "./master";
import { Role } from "./role";

/** The standalone workers, `spark-worker-1` and so on. */
export const worker = {
  name: "worker",
  title: "a worker",
  component: "spark:SparkWorkers",
  hostname: "spark-worker",
  image: { name: "spark-worker", parent: "spark-base" },
  healthcheck: "worker-registered",
  // Checks whether the worker listens, not whether it is registered: the master may be down.
  healthcheckOnSwarm: ["bash", "-c", ": < /dev/tcp/localhost/8081"],
  // A standalone worker counts only heaps. Without the rest, the kernel would kill executors within their heap.
  memory: (sizes) =>
    sizes.daemonMemory +
    sizes.workerMemory +
    executorsPerWorker(sizes) * (overheadOf(sizes.executorMemory) + sizes.pythonMemory + sizes.offHeapMemory) +
    sizes.tmpMemory,
  cpus: "workerCores",
  filesOf: master.filesOf,
  volumes: [{ kind: "scratch", suffix: "-local", path: localPath }],
  environment: ({ sizes }) => ({
    ...daemonEnvironment(sizes.daemonMemory),
    SPARK_LOCAL_DIRS: `${localPath}/local`,
    SPARK_WORKER_CORES: String(sizes.workerCores),
    SPARK_WORKER_DIR: `${localPath}/work`,
    SPARK_WORKER_MEMORY: formatMemory(sizes.workerMemory),
  }),
} as const satisfies Role;
