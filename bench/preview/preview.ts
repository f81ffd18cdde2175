// Runs the program like a preview, for a number of workers and without an engine, and prints time and memory: preview.ts WORKERS
import * as pulumi from "@pulumi/pulumi";

import { SparkCluster } from "../../components/sparkCluster";
import { withoutTraces } from "../../components/traces";
import { engines } from "../../testbed/engines/socketsOfRoot";
import { clusterConfig } from "../../testbed/stackConfig";

async function main(workers: string): Promise<void> {
  let resources = 0;
  await pulumi.runtime.setMocks(
    {
      newResource: ({ name, inputs, custom }) => {
        resources++;
        // A preview does not have values that an engine would compute.
        return { id: custom === false ? undefined : `${name}-id`, state: inputs as Record<string, unknown> };
      },
      call: () => ({ outputs: {} }),
    },
    "spark-cluster",
    "bench",
    true,
    "organization",
  );
  const config = { ...clusterConfig({ workers }), stack: "bench" };
  withoutTraces(() => new SparkCluster("spark", { config, engine: engines.docker }));
  await pulumi.runtime.disconnect();
  const megabytes = (process.resourceUsage().maxRSS * 1024) / 1e6;
  console.log(JSON.stringify({ seconds: process.uptime(), resources, megabytes }));
}

void main(process.argv[2] ?? "1");
