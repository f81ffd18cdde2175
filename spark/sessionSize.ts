import { ClusterConfig, Sizes } from "../config/clusterConfig";
import { coresPerSession } from "./sizes";

/** The script in SPARK_CONF_DIR that Spark runs before it starts a driver's JVM. */
export const environmentFile = "spark-env.sh";

/** Shuffle partitions for each core of a session. Spark's own 200 suit a hundred cores; on few, they are most of the work. */
const partitionsPerCore = 4;
const minPartitions = 8;

/** The settings for the size of a session: an executor on each worker. */
export function sessionSize(sizes: Sizes): Readonly<Record<string, string>> {
  const cores = coresPerSession(sizes);
  return {
    "spark.cores.max": String(cores),
    "spark.sql.shuffle.partitions": String(Math.max(minPartitions, partitionsPerCore * cores)),
  };
}

/**
 * The same for notebooks on a swarm, as a script that queries the master for the number of workers. In a file, that number would
 * recreate JupyterLab with each added or removed worker, because files on a swarm cannot be changed. A user's own setting wins,
 * as elsewhere.
 */
export function sessionEnvironment({ sizes, swarm }: Pick<ClusterConfig, "sizes" | "swarm">): Readonly<Record<string, string>> {
  if (swarm === undefined) {
    return {};
  }
  const script = `
workers=$(python3 -c '
import json, urllib.request
with urllib.request.urlopen("http://spark-master:8080/json/", timeout=5) as answer:
    print(sum(worker["state"] == "ALIVE" for worker in json.load(answer)["workers"]))' 2> /dev/null)
cores=$((\${workers:-1} > 0 ? \${workers:-1} * ${sizes.executorCores} : ${sizes.executorCores}))
parts=$((cores * ${partitionsPerCore} > ${minPartitions} ? cores * ${partitionsPerCore} : ${minPartitions}))
SPARK_SUBMIT_OPTS="$SPARK_SUBMIT_OPTS -Dspark.cores.max=$cores -Dspark.sql.shuffle.partitions=$parts"
`;
  return { [environmentFile]: script.trimStart() };
}
