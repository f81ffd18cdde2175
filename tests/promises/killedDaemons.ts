import { OpenNotebook } from "../../testbed/openNotebook";
import { TestStack } from "../../testbed/testStack";
import { tell, until } from "../../testbed/until";
import { bothWorkers, rightAnswer, slowApplication, slowShuffle, stateOf, untilFile, untilRegistered } from "../helpers/faults";
import { Life } from "../helpers/life";

/** Ends all processes of a container with SIGKILL from outside the engine, which then sees a container that died by itself. */
async function killOutright(stack: TestStack, part: string): Promise<void> {
  const pid = await stack.ask("inspect", "--format", "{{.State.Pid}}", stack.nameOf(part));
  process.kill(Number(pid), "SIGKILL");
  tell(`kill -9 of ${part}`);
}

/** A worker and the master of a cluster with two workers die in the jobs of one session. */
export function killedDaemons(life: Life): void {
  let notebook: OpenNotebook | undefined;

  life.step("a job ends right when a worker is killed in the middle of its shuffle, and the worker comes back", async (stack) => {
    const opened = new OpenNotebook(stack, 900);
    const job = opened.run(slowShuffle("worker-killed"));
    await untilFile(stack, "worker-killed.reducing");
    await killOutright(stack, "worker-1");
    expect(await job).toContain(rightAnswer);
    await untilRegistered(stack, bothWorkers, 300);
    notebook = opened;
  });

  life.step("a job ends right when the master is killed, which then lists the application and both workers", async (stack) => {
    notebook ??= new OpenNotebook(stack, 900);
    const job = notebook.run(slowShuffle("master-killed", true));
    await untilFile(stack, "master-killed.reducing");
    await killOutright(stack, "master");
    await untilRegistered(stack, bothWorkers, 300);
    await until("the master knows the application", 120, () =>
      stateOf(stack)?.activeapps.some(({ name }) => name === slowApplication),
    );
    await stack.askInside(stack.nameOf("jupyterlab"), "touch", "/opt/workspace/master-killed.go-on");
    expect(await job).toContain(rightAnswer);
    await notebook.run("spark.stop()");
    await notebook.close();
    const { sparkUi } = await stack.outputs();
    await until("listed as finished", 120, async () => {
      const page = await (await fetch(sparkUi)).text();
      return page.slice(page.indexOf("Completed Applications")).includes(slowApplication);
    });
  });
}
