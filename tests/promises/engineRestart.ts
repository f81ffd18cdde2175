import { restartDockers } from "../../testbed/engines/secondDocker";
import { until } from "../../testbed/until";
import { bothWorkers, session, untilRegistered } from "../helpers/faults";
import { Life } from "../helpers/life";

/**
 * A cluster after its Docker engine was stopped and started; `make up` has run its job there. Podman has no engine that could be
 * restarted: containers go on without its service, and after a boot podman-restart.service starts them, or make up.
 */
export function engineRestart(life: Life, ...needs: readonly string[]): void {
  life.step(
    "a restarted Docker engine brings the cluster back: workers registered, notebooks and history there, a new job right",
    ...needs,
    async (stack) => {
      const before = await stack.python(`
import json, urllib.request
state = json.load(urllib.request.urlopen("http://spark-master:8080/json/", timeout=60))
print("\\n".join(application["id"] for application in state["completedapps"]))
open("/opt/workspace/mine.txt", "w").write("mine")
`);
      const [application = ""] = before.split("\n");
      expect(application).toMatch(/^app-[\d-]+$/);
      await restartDockers();
      await until("Python runs in the IDE's container", 300, () => stack.python("print(1)").catch(() => undefined));
      await untilRegistered(stack, bothWorkers, 300);
      const answer = await stack.python(`
import json, time, urllib.request
deadline = time.time() + 300
def ask(url):
    while True:
        try:
            return urllib.request.urlopen(url, timeout=60).read().decode()
        except OSError: # it starts at the same time as the workers, and may be later
            if time.time() > deadline:
                raise
            time.sleep(0.5)
print("notebook:", open("/opt/workspace/mine.txt").read())
listed = []
while "${application}" not in listed and time.time() < deadline:
    listed = [each["id"] for each in json.loads(ask("http://history-server:18080/api/v1/applications"))]
    time.sleep(0.5)
print("history:", listed)
print("jupyter:", json.loads(ask("http://localhost:8888/api"))["version"])
${session}print("job:", spark.range(8).repartition(2).count())
`);
      expect(answer).toContain("notebook: mine");
      expect(answer).toContain(application);
      expect(answer).toMatch(/jupyter: \d/);
      expect(answer).toContain("job: 8");
      expect(await stack.pendingChanges()).toBe("");
    },
  );
}
