import { isDeepStrictEqual } from "node:util";

import { until } from "../../testbed/until";
import { bucket, SwarmLife } from "../helpers/swarmLife";

/** The storage that a swarm shares: a folder, a bucket or NFS, and what is rejected before anything starts. */
export function swarmStorage(life: SwarmLife): void {
  life.step("a volume of one machine is rejected with the reason, and so is more than the nodes hold", async (stack) => {
    await stack.pulumi("config", "rm", "sharedStorage");
    const { code, output } = await stack.tryPulumi("preview");
    expect(code).not.toBe(0);
    expect(output).toContain("a volume of one machine is another, empty one on the next");
    await stack.pulumi("config", "set", "--path", "sharedStorage.folder", life.lab.folder);
    await stack.set("workers", "500");
    const more = await stack.tryPulumi("preview");
    expect(more.code).not.toBe(0);
    expect(more.output).toMatch(/x worker of [\dm]+ found no node with more than/);
    const fits = /pulumi config set workers (\d+)/.exec(more.output)?.[1] ?? "none";
    expect(Number(fits)).toBeGreaterThan(3);
    await stack.set("workers", "3");
  });

  life.step("with a bucket instead of a folder, tables and event logs are in it, and jobs find them", async (stack) => {
    await stack.pulumi("config", "rm", "sharedStorage");
    await stack.pulumi("config", "rm", "placement");
    await stack.pulumi("config", "set", "--path", "s3.bucket", bucket);
    await stack.bareUp();
    const source = `
from pyspark.sql import SparkSession
spark = SparkSession.builder.appName("in the bucket").getOrCreate()
spark.range(1000).write.mode("overwrite").saveAsTable("numbers")
print(spark.table("numbers").selectExpr("sum(id)").first()[0])
`;
    expect(await life.python(source)).toContain("499500");
    const objects = life.store.objects(bucket);
    expect(objects.some((path) => path.startsWith(`spark-cluster/${stack.name}/warehouse/numbers/part-`))).toBe(true);
    expect(objects.some((path) => path.startsWith(`spark-cluster/${stack.name}/event-log/eventlog_v2_`))).toBe(true);
  });

  life.step(
    "an address without an NFS server is reported from the node that misses it, and every node was given it",
    async (stack) => {
      await stack.pulumi("config", "rm", "--path", "s3.bucket");
      await life.asDocumented("nfs", { SERVER: life.lab.address });
      // The wait for a cluster is readyTimeout, and drainTimeout for each worker.
      await stack.setAll({ readyTimeout: "10", drainTimeout: "1" });
      const { code, output } = await stack.tryPulumi("up", "--yes", "--skip-preview");
      expect(code).not.toBe(0);
      expect(output).toMatch(/does not stay up|do not run yet/);
      for (const node of life.lab.nodes) {
        await until(`${node.container} was given it`, 180, async () => {
          const names = (await life.lab.askNode(node, "volume", "ls", "--quiet", "--filter", "name=workspace-"))
            .split("\n")
            .filter(Boolean);
          const volumes = names.length === 0 ? "[]" : await life.lab.askNode(node, "volume", "inspect", ...names);
          const given = { type: "nfs", o: `addr=${life.lab.address},nfsvers=4.2`, device: `:/export/${stack.name}/workspace` };
          return (JSON.parse(volumes) as { readonly Options: unknown }[]).some(({ Options }) =>
            isDeepStrictEqual(Options, given),
          );
        });
      }
    },
  );
}
