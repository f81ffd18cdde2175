import { bothWorkers, untilRegistered } from "../helpers/faults";
import { Life } from "../helpers/life";
import { Cell, inNotebook } from "../helpers/notebook";

const session = `
book = Notebook()
print(json.dumps(book.run(SESSION)))
book.close()
`;

/** On a cluster with two workers. Spark gives the master up after a minute, which no setting shortens. */
export function lostMaster(life: Life): void {
  life.step("a notebook names a lost master as the cause, while the cell waits and when Spark gives up", async (stack) => {
    await stack.ask("stop", stack.nameOf("master"));
    const { stderr, error } = await inNotebook<Cell>(stack, session);
    await stack.ask("start", stack.nameOf("master"));
    expect(stderr).toMatch(
      /The master does not answer, so that nobody gives out executors[^]*The master does not answer at spark:/,
    );
    expect(stderr).toContain("make up brings it back");
    expect(error).toContain("All masters are unresponsive");
    await untilRegistered(stack, bothWorkers, 300);
  });
}
