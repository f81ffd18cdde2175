import { TestStack } from "../../testbed/testStack";
import { Cluster } from "../helpers/cluster";
import { control } from "../promises/control";
import { workersPython } from "../promises/workersPython";

/** Versions that no other file brings up, with what depends on PySpark's own code. For 4.2.1, too, `make test-all` has no time. */
const promises = { "4.3.0": [workersPython, control] };

/** A cluster whose notebooks begin as soon as it is up, with a session each, at the same time. */
class EarlyCluster extends Cluster {
  override shared<T>(what: string, make: (stack: TestStack) => Promise<T>): () => Promise<T> {
    return this.early(what, make);
  }
}

for (const [sparkVersion, ofVersion] of Object.entries(promises)) {
  describe(`a cluster on Docker with Spark ${sparkVersion}`, () => {
    const cluster = new EarlyCluster({ config: { sparkVersion } });

    cluster.test("comes up with make up, whose job runs on all workers", async () => {
      expect(await cluster.up()).toContain("A job ran on all 2 workers");
    });

    ofVersion.forEach((promise) => {
      promise(cluster);
    });
  });
}
