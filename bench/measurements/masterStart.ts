import { freePorts } from "../../testbed/freePorts";
import { startClock, until } from "../harness/clock";
import { Measurement, Sample } from "../harness/measurement";
import { client } from "../sides/client";
import { inspect, likeContainer, volumeAt } from "../sides/likeContainer";
import { OurCluster } from "../sides/ourCluster";
import { labelled } from "../../engine/labels";

const properties = "/etc/spark-cluster/spark-defaults.conf";
const plainly =
  'mkdir -p "$(sed -n "s#^spark.deploy.recoveryDirectory = ##p" ' +
  `${properties})" && exec spark-class org.apache.spark.deploy.master.Master ` +
  `--host spark-master --port 7077 --webui-port 8080 --properties-file ${properties}`;

async function isAlive(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/json/`, { signal: AbortSignal.timeout(2000) });
    return ((await answer.json()) as { status: string }).status === "ALIVE";
  } catch {
    return false;
  }
}

/** From `docker run` until the master is ALIVE: started by the image's command, and by Spark's launcher in the same image. */
export const masterStart: Measurement = {
  name: "master-start",
  what: "master, from `docker run` until ALIVE",
  against: "`spark-class` in the same image",
  unit: "s",
  targets: [
    { of: "ours", atMost: 1.5 },
    { of: "ratio", atMost: 0.35 },
  ],
  pairs: 7,
  patience: 2400,
  async setup(scratch) {
    const cluster = await OurCluster.make(scratch);
    await cluster.up(); // creates the volume with the properties
    const { engine } = cluster;
    const master = await inspect(engine, cluster.nameOf("master"));
    const config = volumeAt(master, "/etc/spark-cluster");
    const running = await client(engine, ["ps", "--quiet", "--filter", labelled("stack", cluster.stack.name)]);
    await client(engine, ["stop", "--time", "5", ...running.split("\n").filter(Boolean)]); // a machine with nothing else to do

    const name = `${cluster.stack.name}-master-start`;
    const start = async (env: readonly string[], command: readonly string[]): Promise<Sample> => {
      const [port = 0] = await freePorts(1);
      const folders = ["--volume", `${config}:/etc/spark-cluster:ro`, "--volume", "/var/lib/spark"];
      const own = ["--publish", `127.0.0.1:${port}:8080`, "--hostname", "spark-master"];
      const variables = env.flatMap((each) => ["--env", each]);
      const options = [...likeContainer(master), ...folders, ...own, ...variables, "--name", name, "--detach"];
      const clock = startClock();
      try {
        await client(engine, ["run", ...options, master.Image, ...command]);
        await until("the master is ALIVE", 60, () => isAlive(port), { pause: 0.02 });
        return { value: clock() };
      } finally {
        await client(engine, ["rm", "--force", "--volumes", name]);
      }
    };
    scratch.later("the master that was started", async () => {
      await client(engine, ["rm", "--force", "--volumes", name]).catch(() => undefined); // each run has already removed its own
    });
    const withoutOptions = master.Config.Env.filter((each) => !/^SPARK_DAEMON_(JAVA_OPTS|CLASSPATH)=/.test(each));
    return {
      ours: () => start(master.Config.Env, master.Config.Cmd ?? []),
      theirs: () => start(withoutOptions, ["bash", "-c", plainly]),
    };
  },
};
