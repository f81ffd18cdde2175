// Runs the program's own part of a preview with so many workers, against no engine, and prints what it took: preview.ts WORKERS
import * as pulumi from "@pulumi/pulumi";

import { SparkCluster } from "../../components/sparkCluster";
import { engines } from "../../tests/unit/helpers/engine";
import { clusterConfig } from "../../tests/unit/helpers/stackConfig";
import { startClock } from "../harness/clock";

async function main(workers: string): Promise<void> {
  // As the CLI's runner has it: traces of promises are for those who look for errors.
  Error.stackTraceLimit = 0;
  const clock = startClock();
  let resources = 0;
  await pulumi.runtime.setMocks(
    {
      newResource: ({ name, inputs, custom }) => {
        resources++;
        // What an engine would compute is unknown to a preview.
        return { id: custom === false ? undefined : `${name}-id`, state: inputs as Record<string, unknown> };
      },
      call: () => ({}),
    },
    "spark-cluster",
    "bench",
    true,
  );
  new SparkCluster("spark", { config: { ...clusterConfig({ workers }), stack: "bench" }, engine: engines.docker });
  await pulumi.runtime.disconnect();
  const megabytes = (process.resourceUsage().maxRSS * 1024) / 1e6;
  console.log(JSON.stringify({ seconds: clock(), resources, megabytes }));
}

void main(process.argv[2] ?? "1");
