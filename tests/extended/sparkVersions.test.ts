import { Cluster } from "../helpers/cluster";
import { control } from "../promises/control";
import { lostWrites } from "../promises/lostWrites";
import { workersPython } from "../promises/workersPython";

/** Those that no other file brings up, the newest first. */
const versions = ["4.3.0", "4.2.1"];

/** The cluster, whose notebook begins as soon as the cluster is up. */
const early = (cluster: Cluster): Cluster =>
  Object.assign(Object.create(cluster) as Cluster, { shared: cluster.early.bind(cluster) });

for (const sparkVersion of versions) {
  describe(`a cluster on Docker with Spark ${sparkVersion}`, () => {
    const cluster = new Cluster({ config: { sparkVersion } });

    cluster.test("comes up with make up, whose job runs on all workers", async () => {
      expect(await cluster.up()).toContain("A job ran on all 2 workers");
    });

    // What depends on PySpark's own code. The first two have a session each, at the same time.
    workersPython(early(cluster));
    control(early(cluster));
    if (sparkVersion === versions[0]) {
      lostWrites(cluster);
    }
  });
}
