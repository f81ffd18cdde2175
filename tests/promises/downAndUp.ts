import { exitCodesOf, changedFiles, expectComplete, noteFiles, ownExitCodes } from "../helpers/ends";
import { openSession } from "../helpers/kernel";
import { Life } from "../helpers/life";
import { allSorts, everythingThere, session } from "../helpers/tableCells";

const tables = `
for name in ("one", "other"):
    spark.range(100).withColumn("third", F.col("id") % 3).write.partitionBy("third").saveAsTable(name)
`;

/** What `make down` ends and keeps, on a cluster of one worker. */
export function downAndUp(life: Life): void {
  let application: string;
  let before: Record<string, string>;
  const down = "down ends every container with its own exit code, and leaves no container and no network";
  const up = "the next up makes every container again, and finds every file, byte for byte";

  describe("down and up", () => {
    life.step(down, async (stack) => {
      await noteFiles(stack);
      application = await openSession(stack, session + tables + allSorts);
      before = await stack.ids();
      expect(await exitCodesOf(stack, () => stack.must("down"))).toEqual({ ...ownExitCodes, catalog: 0 });
      expect(await stack.ids()).toEqual({});
      expect(await stack.listed("network ls")).toEqual([]);
    });

    life.step(up, down, async (stack) => {
      await stack.set("secretGeneration", "2"); // another password, which the database has to take
      await stack.quickUp();
      const after = await stack.ids();
      expect(Object.keys(after).sort()).toEqual(["catalog", "history-server", "jupyterlab", "master", "worker-1"]);
      expect(Object.values(after).filter((id) => Object.values(before).includes(id))).toEqual([]);
      expect(await changedFiles(stack)).toBe("");
      expect(await stack.pendingChanges()).toBe("");
    });

    life.step("tables, views and databases are there, also with another password", up, async (stack) => {
      const output = await stack.python(session + everythingThere, 400);
      expect(output).toContain("numbers 15 large ['two']");
      expect(output).toContain("columns ['word', 'n', 'note'] gone False fleeting False");
      expect(output).toContain("rows 100 100");
      expect(output).toContain("owners {1000}");
    });

    life.step("the event log of the application that ran until down is complete", up, (stack) =>
      expectComplete(stack, application),
    );
  });
}
