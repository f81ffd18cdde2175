import { Sizes } from "../config/clusterConfig";
import { Mebibytes } from "../config/memory";

/** Memory of a JVM in addition to its heap, by Spark's rule for containers (`spark.executor.memoryOverhead`). */
export function overheadOf(heap: Mebibytes): Mebibytes {
  return Math.max(384, Math.ceil(heap / 10));
}

/** Memory of a driver: heap, overhead and Python. */
export function driverMemoryWithPython({ driverMemory, pythonMemory }: Pick<Sizes, "driverMemory" | "pythonMemory">): Mebibytes {
  return driverMemory + overheadOf(driverMemory) + pythonMemory;
}

/** Number of executors that fit on a worker, by cores and by memory. */
export function executorsPerWorker(sizes: Sizes): number {
  return Math.min(Math.floor(sizes.workerCores / sizes.executorCores), Math.floor(sizes.workerMemory / sizes.executorMemory));
}

/** Number of cores of a session with an executor on every worker (`spark.cores.max`). */
export function coresPerSession({ workers, executorCores }: Sizes): number {
  return workers * executorCores;
}
