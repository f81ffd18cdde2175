import { clientCommand } from "../../engine/cli";
import { ok } from "../../tests/integration/helpers/run";
import { Scratch } from "../harness/scratch";
import { localProperties } from "./localProperties";
import { OurCluster } from "./ourCluster";
import { inside, Place } from "./place";

interface Inspected {
  readonly Image: string;
  readonly HostConfig: { readonly Memory: number; readonly NanoCpus: number };
  readonly Mounts: readonly { readonly Name?: string; readonly Destination: string }[];
}

const confFolder = "/tmp/conf";

/**
 * Spark in one process, `local[2]`, in the image, the limits and the settings of a cluster's JupyterLab, on its shared volume. Its heap is
 * all that a session on the cluster has: driver and executors.
 */
export async function startLocalSpark(cluster: OurCluster, scratch: Scratch): Promise<Place> {
  const { engine, stack } = cluster;
  const client = (...args: string[]) => {
    const [program, ...rest] = clientCommand(engine, ...args);
    return ok(program, rest);
  };
  const [lab] = JSON.parse(await client("inspect", cluster.container)) as [Inspected];
  const workspace = lab.Mounts.find(({ Destination }) => Destination === "/opt/workspace")?.Name ?? "";
  const container = `${stack.name}-local`;
  scratch.later("the container of local Spark", async () => {
    await client("rm", "--force", "--volumes", container);
  });
  const limits = ["--memory", String(lab.HostConfig.Memory), "--memory-swap", String(lab.HostConfig.Memory)];
  const cpus = ["--cpus", String(lab.HostConfig.NanoCpus / 1e9)];
  const folders = [
    "--volume",
    `${workspace}:/opt/workspace`,
    "--volume",
    "/home/spark",
    "--tmpfs",
    "/tmp:rw,exec,size=128m,mode=1777",
  ];
  const variables = [`SPARK_CONF_DIR=${confFolder}`, "SPARK_LOCAL_DIRS=/home/spark/.cache/spark"].flatMap((each) => [
    "--env",
    each,
  ]);
  const hardening = ["--read-only", "--init", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];
  const options = [...limits, ...cpus, ...folders, ...variables, ...hardening];
  await client("run", "--detach", "--name", container, "--hostname", "jupyterlab", ...options, lab.Image, "sleep", "infinity");

  const place = { engine, container, labPython: cluster.labPython };
  const properties = await inside(cluster, ["cat", "/etc/spark-cluster/spark-defaults.conf"]);
  await inside(place, ["sh", "-c", `mkdir -p ${confFolder} && cat > ${confFolder}/spark-defaults.conf`], {
    input: localProperties(properties),
  });
  return place;
}
