import { Sizes } from "../config/clusterConfig";
import { formatMemory } from "../config/memory";

/** The settings of the memory that executors use outside of their heap. */
export function offHeapProperties({ offHeapMemory }: Pick<Sizes, "offHeapMemory">): Readonly<Record<string, string>> {
  return offHeapMemory === 0
    ? {}
    : { "spark.memory.offHeap.enabled": "true", "spark.memory.offHeap.size": formatMemory(offHeapMemory) };
}

/** The settings with which Comet runs what it can of each query. It uses Spark's off-heap memory. */
export const cometProperties: Readonly<Record<string, string>> = {
  "spark.plugins": "org.apache.spark.CometPlugin",
  "spark.shuffle.manager": "org.apache.spark.sql.comet.execution.shuffle.CometShuffleManager",
};
