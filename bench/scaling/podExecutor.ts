import { startClock, until } from "../harness/clock";
import { Arena } from "./arena";

/** The result of an executor that was started as on Kubernetes. */
export interface PodExecutor {
  /** Seconds from its container's start to the answer of a job that only it can run. */
  readonly seconds: number;
}

/** Java options that Spark passes to each executor: those of its daemons, without their CDS archive. */
const javaOptions = "grep -v SharedArchiveFile /opt/spark/archives/daemon-options";

/** Where Spark on Kubernetes mounts the settings of an executor (Constants.SPARK_CONF_DIR_INTERNAL). */
const conf = "/opt/spark/conf";

/** The settings that executors need before they can get the others from their driver. */
const startup = ["spark.authenticate=true", "spark.network.crypto.enabled=true", "spark.network.crypto.authEngineVersion=2"];

/**
 * Runs an executor from the worker's image, with the command to which `executor` in Spark's entrypoint.sh leads, in a container
 * with a read-only root and without capabilities. Without Kubernetes: the driver is one of the standalone cluster.
 */
export async function runPodExecutor(arena: Arena): Promise<PodExecutor> {
  await arena.startDriver("pod_driver.py");
  const line = async (key: string) => (await arena.driverSays()).split("\n").find((each) => each.startsWith(`{"${key}"`));
  await until("the driver says where executors report", 60, async () => (await line("url")) !== undefined, { pause: 0.5 });
  const { url, application } = JSON.parse((await line("url")) ?? "") as { url: string; application: string };

  const host = "executor-pod";
  const java = [
    `java $(${javaOptions}) ${startup.map((each) => `-D${each}`).join(" ")} -Xms512m -Xmx512m -cp "$SPARK_CONF_DIR:/opt/spark/jars/*"`,
    `org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend --driver-url ${url} --executor-id 1 --cores 1`,
    `--app-id ${application} --hostname ${host} --resourceProfileId 0 --podName ${host}`,
  ].join(" ");
  const clock = startClock();
  const environment = { _SPARK_AUTH_SECRET: arena.rpcSecret, SPARK_CONF_DIR: conf };
  const options = { limits: { memory: 1100, tmp: 128 }, mounts: [conf], environment };
  await arena.run(host, "spark-worker", options, ["sh", "-c", `exec ${java}`]);
  await until("the executor ran a job", 120, async () => (await line("sum")) !== undefined, { pause: 0.2 });
  const seconds = clock();
  const { sum } = JSON.parse((await line("sum")) ?? "") as { sum: number };
  if (sum !== 999_000) {
    throw new Error(`the job of the executor gave ${sum}`);
  }
  await arena.removeDriver();
  return { seconds };
}
