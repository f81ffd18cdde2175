import { OpenNotebook } from "../../testbed/openNotebook";
import { TestStack } from "../../testbed/testStack";
import { tell } from "../../testbed/until";
import { bothWorkers, pause, rightAnswer, session, slowShuffle, untilFile, untilRegistered } from "../helpers/faults";
import { Life } from "../helpers/life";

/**
 * The master and a worker of a cluster with two workers cannot be reached for a while. `meanwhile` begins while
 * the master is away, and cannot fail.
 */
export function daemonsAway(life: Life, meanwhile: (stack: TestStack) => Promise<unknown>): void {
  let notebook: OpenNotebook | undefined;

  life.step(
    "a job ends right while the master is away for two minutes, and both workers come back, one of them started meanwhile",
    async (stack) => {
      const opened = new OpenNotebook(stack, 900);
      const job = opened.run(slowShuffle("master-away"));
      await untilFile(stack, "master-away.mapping");
      await stack.ask("stop", stack.nameOf("master"));
      const twoMinutes = pause(120); // Spark's workers first ask often, and then every 30 to 90 s
      await stack.ask("restart", stack.nameOf("worker-2"));
      tell("the master is stopped, worker-2 is started again");
      expect(await job).toContain(rightAnswer);
      await opened.close();
      const done = meanwhile(stack);
      await twoMinutes;
      await stack.ask("start", stack.nameOf("master"));
      await untilRegistered(stack, bothWorkers, 300);
      notebook = new OpenNotebook(stack, 900);
      expect(await notebook.run(`${session}print(spark.range(5).count())`)).toContain("5");
      await done;
    },
  );

  life.step("a job goes on while a worker is cut from the network, and the worker registers again", async (stack) => {
    notebook ??= new OpenNotebook(stack, 900);
    const job = notebook.run(slowShuffle("cut"));
    await untilFile(stack, "cut.reducing");
    const [network, worker] = [stack.nameOf("network"), stack.nameOf("worker-2")];
    await stack.ask("network", "disconnect", network, worker);
    tell("worker-2 is cut from the network");
    await pause(20); // a worker's heartbeat is every 15 s
    await stack.ask("network", "connect", "--alias", "spark-worker-2", network, worker);
    tell("worker-2 is joined again");
    expect(await job).toContain(rightAnswer);
    await untilRegistered(stack, bothWorkers, 300);
    await notebook.close();
  });
}
