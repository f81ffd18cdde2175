import { TestStack } from "../../testbed/testStack";
import { Life } from "../helpers/life";

const eventLogs = (stack: TestStack) =>
  stack.askInside(stack.nameOf("jupyterlab"), "ls", "/opt/workspace/.spark-cluster/event-log");

/** What `historyServer: false` does, on a cluster of one worker. */
export function withoutHistoryServer(life: Life): void {
  life.step("without a history server there are neither its container nor event logs", async (stack) => {
    const before = await eventLogs(stack);
    await stack.set("historyServer", "false");
    await stack.quickUp();
    expect(Object.keys(await stack.ids()).sort()).toEqual(["catalog", "jupyterlab", "master", "worker-1"]);
    expect((await stack.outputs()).historyServer).toBeUndefined();
    await stack.python("from pyspark.sql import SparkSession\nSparkSession.builder.getOrCreate().range(1).count()");
    expect(await eventLogs(stack)).toBe(before);
    expect(await stack.pendingChanges()).toBe("");
    await stack.pulumi("config", "rm", "historyServer"); // the next up starts it again
  });
}
