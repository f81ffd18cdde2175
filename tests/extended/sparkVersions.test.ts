import { defaultSparkVersion, sparkVersions } from "../../config/sparkVersions";
import { Cluster } from "../helpers/cluster";
import { control } from "../promises/control";
import { kernel } from "../promises/kernel";
import { lostWrites } from "../promises/lostWrites";
import { sampleNotebooks } from "../promises/sampleNotebooks";
import { sessions } from "../promises/sessions";
import { workersPython } from "../promises/workersPython";

for (const sparkVersion of sparkVersions.filter((version) => version !== defaultSparkVersion)) {
  describe(`a cluster on Docker with Spark ${sparkVersion}`, () => {
    const cluster = new Cluster({ config: { sparkVersion } });

    cluster.test("comes up with make up, whose job runs on all workers", async () => {
      expect(await cluster.up()).toContain("A job ran on all 2 workers");
    });

    sessions(cluster);
    kernel(cluster);
    sampleNotebooks(cluster);
    workersPython(cluster);
    control(cluster);
    lostWrites(cluster);
  });
}
