import { podman } from "../../testbed/engines/here";
import { Cluster } from "../helpers/cluster";
import { accelerated } from "../promises/accelerated";
import { metrics } from "../promises/metrics";
import { sampleNotebooks } from "../promises/sampleNotebooks";
import { workersPython } from "../promises/workersPython";

describe("a cluster on Podman with Comet, an object store and metrics", () => {
  const config = { accelerator: "comet", tables: "delta", objectStore: "true", metrics: "true", sparkConnect: "true" };
  const cluster = new Cluster({ engine: podman, config });

  cluster.test("comes up with make up, whose job runs on all workers", async () => {
    expect(await cluster.up()).toContain("A job ran on all 2 workers");
  });

  accelerated(cluster);
  metrics(cluster);
  sampleNotebooks(cluster);
  workersPython(cluster);
});
