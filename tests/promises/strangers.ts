import { Result } from "../../testbed/run";
import { TestStack } from "../../testbed/testStack";
import { Cluster } from "../helpers/cluster";
import { addressOf, masterState } from "../helpers/securityContext";

/** A driver that takes no settings but those that it is given. */
const stranger = `
from pyspark.sql import SparkSession
SparkSession.builder.appName("stranger").master("spark://spark-master:7077").getOrCreate()
`;

/** A driver with the secret that asks for no encryption. */
const inTheClear = `
from pyspark.sql import SparkSession
SparkSession.builder.appName("stranger").config("spark.network.crypto.enabled", "false").getOrCreate()
`;

const ways = ["from the network", "from the machine", "as a driver to run in the cluster", "without encryption"];

/** Tries all ways at the same time: Spark tries each for a minute. */
async function attempt(stack: TestStack): Promise<Result[]> {
  const { master, "worker-1": worker } = await stack.containers();
  const oneOff = (options: string[], ...command: string[]) => {
    const limits = ["--rm", "--memory=1g", "--env=SPARK_CONF_DIR=/tmp"];
    return stack.tryAsk(["run", ...limits, ...options, worker!.Image, "timeout", "400", ...command], { timeout: 430 });
  };
  const network = [`--network=${stack.nameOf("network")}`];
  const host = ["--network=host", `--add-host=spark-master:${addressOf(stack, master!)}`, "--env=SPARK_LOCAL_IP=127.0.0.1"];
  const submit = ["spark-submit", "--master", "spark://spark-master:7077", "--deploy-mode", "cluster"];
  const inIde = ["exec", stack.nameOf("jupyterlab"), "timeout", "400", "python3", "-c", inTheClear];
  return Promise.all([
    oneOff(network, "python3", "-c", stranger),
    oneOff(host, "python3", "-c", stranger),
    oneOff(network, ...submit, "--class", "of.a.Stranger", "local:///of/a/stranger.jar"),
    stack.tryAsk(inIde, { timeout: 430 }),
  ]);
}

/** Refuses a driver without the secret. The attempts begin with the cluster: declare other tests before these, which wait for their end. */
export function strangers(cluster: Cluster): void {
  const attempts = cluster.early("the attempts", attempt);

  describe("a driver of a stranger is refused", () => {
    ways.forEach((way, index) => {
      cluster.test(way, async () => {
        const { code, output } = (await attempts())[index]!;
        expect({ way, ended: code !== 0 && code !== 124 }).toEqual({ way, ended: true });
        expect(output).toMatch(/All masters are unresponsive|Unknown challenge message/);
      });
    });

    cluster.test("and the master never lists an application or a driver of a stranger", async (stack) => {
      await attempts();
      const { activeapps, completedapps, activedrivers, completeddrivers } = await masterState(stack);
      expect([...activeapps, ...completedapps].filter(({ name }) => name === "stranger")).toEqual([]);
      expect([...activedrivers, ...completeddrivers]).toEqual([]);
    });
  });
}
