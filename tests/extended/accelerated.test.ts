import { podman } from "../../testbed/engines/here";
import { Cluster } from "../helpers/cluster";
import { accelerated } from "../promises/accelerated";
import { sampleNotebooks } from "../promises/sampleNotebooks";
import { workersPython } from "../promises/workersPython";

describe("a cluster on Podman with Comet", () => {
  const cluster = new Cluster({ engine: podman, config: { accelerator: "comet", tables: "delta" } });

  cluster.test("comes up with make up, whose job runs on all workers", async () => {
    expect(await cluster.up()).toContain("A job ran on all 2 workers");
  });

  accelerated(cluster);
  sampleNotebooks(cluster);
  workersPython(cluster);
});
