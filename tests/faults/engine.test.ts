import { clientCommand } from "../../engine/cli";
import { imagesOf, planImages } from "../../images/plan";
import { ok } from "../integration/helpers/run";
import { restartDockers, startDocker, stopDockers } from "../integration/helpers/secondDocker";
import { testedEngine } from "../integration/helpers/testedEngine";
import { TestStack } from "../integration/helpers/testStack";
import { tell } from "../integration/helpers/until";
import { clusterConfig } from "../unit/helpers/stackConfig";
import { session, untilRegistered } from "./helpers/faults";

/** What the copied images are called, by a registry that there is not. */
const [registry, tag] = ["registry.example.com/copied", "copied"];

const both = ["spark-worker-1", "spark-worker-2"];

// Podman has no engine that could be restarted: containers go on without its service, and after a boot systemd starts them, or make up.
describe("a Docker engine that is stopped and started", () => {
  let stack: TestStack;

  beforeAll(async () => {
    const { engine } = await startDocker({ alone: true });
    await copyImages(engine.host);
    // As if pulled: what is there already is not asked of a registry.
    stack = await TestStack.make({ engine, config: { imageSource: "pull", imageRegistry: registry, imageTag: tag } });
    await stack.bareUp();
  });

  afterAll(async () => {
    await TestStack.destroyAll();
    await stopDockers();
  });

  /** Brings the images to an engine that has none, from the one of this machine, which builds those that it has not. */
  async function copyImages(host: string): Promise<void> {
    const builder = await TestStack.make();
    await builder.must("build-docker");
    const config = clusterConfig();
    const copies = imagesOf(config).map((name) => ({
      from: planImages(config.images)[name].reference,
      to: `${registry}/spark-cluster-${name}:${tag}`,
    }));
    for (const { from, to } of copies) {
      await builder.ask("tag", from, to);
    }
    const names = copies.map(({ to }) => to);
    const save = clientCommand(testedEngine, "save", ...names).join(" ");
    await ok("bash", ["-c", `set -o pipefail; ${save} | docker --host ${host} load`], { timeout: 1500 });
    await builder.ask("rmi", ...names);
    tell(`${names.length} images are on the other engine`);
  }

  test("brings the cluster back by itself: workers registered, notebooks and history there, a new job right", async () => {
    const first = await stack.python(
      `${session}print(spark.range(7).count(), spark.sparkContext.applicationId)\nspark.stop()\nopen("/opt/workspace/mine.txt", "w").write("mine")`,
    );
    const application = /7 (app-[\d-]+)/.exec(first)![1]!;
    await restartDockers();
    tell("the engine is stopped and started");
    await untilRegistered(stack, both, 300);
    const answer = await stack.python(`
import json, time, urllib.request
deadline = time.time() + 300
def ask(url):
    while True:
        try:
            return urllib.request.urlopen(url, timeout=60).read().decode()
        except OSError: # it starts beside the workers, and may be later
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
  });
});
