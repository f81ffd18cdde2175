import { TestStack } from "../integration/helpers/testStack";
import { tell, until } from "../integration/helpers/until";
import {
  killOutright,
  nameOf,
  pause,
  rightAnswer,
  session,
  slowShuffle,
  stateOf,
  untilFile,
  untilRegistered,
} from "./helpers/faults";

const both = ["spark-worker-1", "spark-worker-2"];

describe("a cluster whose master and workers die", () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await TestStack.make();
    await stack.bareUp();
  });

  afterAll(() => TestStack.destroyAll());

  test("a worker killed in the middle of a shuffle: the job ends right, and the worker is back", async () => {
    const job = stack.python(slowShuffle("worker-killed"));
    await untilFile(stack, "worker-killed.reducing", 300);
    await killOutright(stack, "worker-1");
    expect(await job).toContain(rightAnswer);
    await untilRegistered(stack, both, 300);
  });

  test("the master killed in a job: the job ends right, the application is listed, the workers are back", async () => {
    const job = stack.python(slowShuffle("master-killed", true));
    await untilFile(stack, "master-killed.reducing", 300);
    await killOutright(stack, "master");
    await untilRegistered(stack, both, 300);
    await until("the master knows the application", 120, () =>
      stateOf(stack)?.activeapps.some(({ name }) => name === "master-killed"),
    );
    await stack.askInside(nameOf(stack, "jupyterlab"), "touch", "/opt/workspace/master-killed.go-on");
    expect(await job).toContain(rightAnswer);
    const { sparkUi } = await stack.outputs();
    await until("listed as finished", 120, async () => {
      const page = await (await fetch(sparkUi)).text();
      return page.slice(page.indexOf("Completed Applications")).includes("master-killed");
    });
  });

  test("a master away for two minutes, and a worker that starts meanwhile: the job ends right, both workers come back", async () => {
    const job = stack.python(slowShuffle("master-away"));
    await untilFile(stack, "master-away.mapping", 300);
    await stack.ask("stop", nameOf(stack, "master"));
    const twoMinutes = pause(120);
    await stack.ask("restart", nameOf(stack, "worker-2"));
    tell("the master is stopped, worker-2 is started again");
    expect(await job).toContain(rightAnswer);
    await twoMinutes;
    await stack.ask("start", nameOf(stack, "master"));
    await untilRegistered(stack, both, 300);
    expect(await stack.python(`${session}print(spark.range(5).count())`)).toContain("5");
  });

  test("a worker cut from the network and joined again: the job goes on, the worker registers again", async () => {
    const job = stack.python(slowShuffle("cut"));
    await untilFile(stack, "cut.reducing", 300);
    const network = nameOf(stack, "network");
    await stack.ask("network", "disconnect", network, nameOf(stack, "worker-2"));
    tell("worker-2 is cut from the network");
    await pause(20);
    await stack.ask("network", "connect", "--alias", "spark-worker-2", network, nameOf(stack, "worker-2"));
    tell("worker-2 is joined again");
    expect(await job).toContain(rightAnswer);
    await untilRegistered(stack, both, 300);
  });
});
