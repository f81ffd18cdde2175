import { TestStack } from "../../testbed/testStack";
import { Life } from "../helpers/life";
import { inNotebook } from "../helpers/notebook";

/** A notebook that is idle after a job with cached data, beside a kernel of the server. The numbers include the driver. */
const idle = `
kernel = ask_server("/api/kernels", b'{"name": "python3"}')["id"]
count = "print(cached.count(), len(tracker.getExecutorInfos()))"
book = Notebook()
book.run(SESSION + "cached, tracker = spark.range(1000).cache(), spark.sparkContext._jsc.sc().statusTracker()")
seen = {"before": book.run(count)["stdout"]}
def held():
    apps = json.load(urllib.request.urlopen("http://spark-master:8080/json/", timeout=60))["activeapps"]
    return sum(app["cores"] for app in apps)
deadline = time.time() + 120
while held() and time.time() < deadline:
    time.sleep(1)
seen["held"] = held()
seen["after"] = book.run(count)["stdout"]
book.close()
deadline = time.time() + 60
while any(each["id"] == kernel for each in ask_server("/api/kernels")) and time.time() < deadline:
    time.sleep(1)
print(json.dumps({**seen, "kernels": [each["id"] for each in ask_server("/api/kernels") if each["id"] == kernel]}))
`;

const eventLogs = (stack: TestStack) =>
  stack.askInside(stack.nameOf("jupyterlab"), "ls", "/opt/workspace/.spark-cluster/event-log");

const without =
  "without a history server there are neither its container nor event logs, also after the network was removed by hand";

/** What `historyServer: false` and `idleTimeout` do, on a cluster of one worker. */
export function withoutHistoryServer(life: Life): void {
  life.step(without, async (stack) => {
    const before = await eventLogs(stack);
    await stack.setAll({ historyServer: "false", idleTimeout: "10s" });
    await stack.ask("kill", ...Object.values(await stack.ids()));
    await stack.ask("network", "rm", stack.nameOf("network"));
    await stack.bareUp();
    expect(Object.keys(await stack.ids()).sort()).toEqual(["catalog", "jupyterlab", "master", "worker-1"]);
    expect((await stack.outputs()).historyServer).toBeUndefined();
    await stack.python("from pyspark.sql import SparkSession\nSparkSession.builder.getOrCreate().range(1).count()");
    expect(await eventLogs(stack)).toBe(before);
    expect(await stack.pendingChanges()).toBe("");
    await stack.pulumi("config", "rm-all", "historyServer", "idleTimeout"); // the next up starts it again
  });

  life.step(
    "executors of an idle session end and come back with its next job, and a kernel that nobody looks at ends",
    without,
    async (stack) => {
      expect(await inNotebook(stack, idle)).toEqual({ before: "1000 2\n", held: 0, after: "1000 2\n", kernels: [] });
    },
  );
}
