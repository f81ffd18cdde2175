import { Scratch } from "../harness/scratch";
import { client } from "./client";
import { inspect, likeContainer, volumeAt } from "./likeContainer";
import { localProperties } from "./localProperties";
import { OurCluster } from "./ourCluster";
import { inside, Place } from "./place";

const confFolder = "/tmp/conf";

/**
 * Spark in one process, `local[2]`, with the image, the limits and the settings of a cluster's JupyterLab, on its shared volume.
 * Its heap is that of a whole session on the cluster: driver and executors.
 */
export async function startLocalSpark(cluster: OurCluster, scratch: Scratch): Promise<Place> {
  const { engine, stack } = cluster;
  const lab = await inspect(engine, cluster.container);
  const container = `${stack.name}-local`;
  scratch.later("the container of local Spark", async () => {
    await client(engine, ["rm", "--force", "--volumes", container]);
  });
  const folders = [`${volumeAt(lab, "/opt/workspace")}:/opt/workspace`, "/home/spark"].flatMap((each) => ["--volume", each]);
  const variables = [`SPARK_CONF_DIR=${confFolder}`, "SPARK_LOCAL_DIRS=/home/spark/.cache/spark"].flatMap((each) => [
    "--env",
    each,
  ]);
  const options = [...likeContainer(lab), ...folders, ...variables, "--hostname", "jupyterlab", "--name", container];
  await client(engine, ["run", "--detach", ...options, lab.Image, "sleep", "infinity"]);

  const place = { engine, container, labPython: cluster.labPython };
  const properties = await inside(cluster, ["cat", "/etc/spark-cluster/spark-defaults.conf"]);
  await inside(place, ["sh", "-c", `mkdir -p ${confFolder} && cat > ${confFolder}/spark-defaults.conf`], {
    input: localProperties(properties),
  });
  return place;
}
