import { ClusterConfig } from "../config/clusterConfig";

/** The value of `idleTimeout` with which sessions keep what they have. */
export const neverIdle = "none";

/**
 * With these settings the executors of an idle Spark Connect server end, and start again with the next job. Barrier stages fail with
 * them, so Python drivers do not have them: images/spark-base/spark_cluster/idle.py ends their executors.
 */
export function idleProperties({ idleTimeout, sizes }: Pick<ClusterConfig, "idleTimeout" | "sizes">): Record<string, string> {
  if (idleTimeout === neverIdle) {
    return {};
  }
  return {
    "spark.dynamicAllocation.enabled": "true",
    "spark.dynamicAllocation.initialExecutors": String(sizes.workers),
    "spark.dynamicAllocation.executorIdleTimeout": idleTimeout,
    // By default executors with cached or shuffled data stay. Spark computes lost data again.
    "spark.dynamicAllocation.cachedExecutorIdleTimeout": idleTimeout,
    "spark.dynamicAllocation.shuffleTracking.timeout": idleTimeout,
  };
}
