import { ClusterConfig, Sizes } from "../config/clusterConfig";
import { coresPerSession } from "./sizes";

/** The file that Spark's scripts run in SPARK_CONF_DIR before they start a driver's Java. */
export const environmentFile = "spark-env.sh";

/** Parts of a shuffle for each core of a session, and at least. Spark's own 200 are for a hundred cores: on few, they are most of the work. */
const partsPerCore = 4;
const leastParts = 8;

/** What a session takes: an executor on each worker. */
export function sessionSize(sizes: Sizes): Readonly<Record<string, string>> {
  const cores = coresPerSession(sizes);
  return {
    "spark.cores.max": String(cores),
    "spark.sql.shuffle.partitions": String(Math.max(leastParts, partsPerCore * cores)),
  };
}

/**
 * The same for notebooks on a swarm, where a driver asks the master for the number of its workers: in a file, it would make JupyterLab
 * anew with each worker that comes or goes, for a swarm's files cannot be changed. A setting of the person's wins, as it does elsewhere.
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
parts=$((cores * ${partsPerCore} > ${leastParts} ? cores * ${partsPerCore} : ${leastParts}))
SPARK_SUBMIT_OPTS="$SPARK_SUBMIT_OPTS -Dspark.cores.max=$cores -Dspark.sql.shuffle.partitions=$parts"
`;
  return { [environmentFile]: script.trimStart() };
}
