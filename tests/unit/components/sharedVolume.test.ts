import * as pulumi from "@pulumi/pulumi";

import { dialects } from "../../../components/dialect";
import { EngineTarget } from "../../../components/engineTarget";
import { SharedVolume } from "../../../components/sharedVolume";
import { engines } from "../helpers/engine";
import { resolved, run } from "../helpers/mocks";

test.each([false, true])("a shared volume has a fixed name and outlives the stack (preview: %s)", async (preview) => {
  const target = new EngineTarget(engines.docker, dialects.docker);
  const args = { owner: { stack: "dev", home: "abc" }, target, part: "workspace", mountPath: "/opt/workspace" };
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
