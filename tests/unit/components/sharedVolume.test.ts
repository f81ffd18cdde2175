import * as pulumi from "@pulumi/pulumi";

import { SharedVolume } from "../../../components/sharedVolume";
import { resolved, run } from "../helpers/mocks";

test.each([false, true])("a shared volume has a fixed name and outlives the stack (preview: %s)", async (preview) => {
  const args = { owner: { stack: "dev", home: "abc" }, part: "workspace", mountPath: "/opt/workspace" };
  const { get, result } = await run(() => new SharedVolume("spark-workspace", args), { preview });
  const volume = get("spark-workspace-volume");
  expect(volume).toMatchObject({
    type: "docker:index/volume:Volume",
    inputs: { name: "spark-cluster-dev-workspace" },
    options: { parent: "spark-workspace", retainOnDelete: true, ignoreChanges: ["labels", "driverOpts"] },
  });
  const mount = await resolved(pulumi.output(result.mount));
  expect(mount.value).toEqual({ volumeName: "spark-cluster-dev-workspace", containerPath: "/opt/workspace" });
});
