import { ClusterConfig } from "../config/clusterConfig";

/** The value of `idleTimeout` with which sessions keep what they have. */
export const neverIdle = "none";

/** The setting of the executors that a session starts with. */
export const initialExecutors = "spark.dynamicAllocation.initialExecutors";

/** With these settings the executors of an idle session end, and start again with its next job. */
export function idleProperties({ idleTimeout }: Pick<ClusterConfig, "idleTimeout">): Readonly<Record<string, string>> {
  if (idleTimeout === neverIdle) {
    return {};
  }
  return {
    "spark.dynamicAllocation.enabled": "true",
    "spark.dynamicAllocation.executorIdleTimeout": idleTimeout,
    // By default executors with cached or shuffled data stay. Spark computes lost data again.
    "spark.dynamicAllocation.cachedExecutorIdleTimeout": idleTimeout,
    "spark.dynamicAllocation.shuffleTracking.timeout": idleTimeout,
  };
}
