import { Sizes } from "../config/clusterConfig";
import { Mebibytes } from "../config/memory";

/** What a JVM takes beside its heap, by Spark's rule for containers (`spark.executor.memoryOverhead`). */
export function overheadOf(heap: Mebibytes): Mebibytes {
  return Math.max(384, Math.ceil(heap / 10));
}

/** Memory of a driver with its Python. */
export function driverMemoryWithPython({ driverMemory, pythonMemory }: Pick<Sizes, "driverMemory" | "pythonMemory">): Mebibytes {
  return driverMemory + overheadOf(driverMemory) + pythonMemory;
}

/** Executors of the configured size that fit on a worker, by cores and by memory. */
export function executorsPerWorker(sizes: Sizes): number {
  return Math.min(Math.floor(sizes.workerCores / sizes.executorCores), Math.floor(sizes.workerMemory / sizes.executorMemory));
}

/** The cores of a session with an executor on every worker (`spark.cores.max`). */
export function coresPerSession({ workers, executorCores }: Sizes): number {
  return workers * executorCores;
}
