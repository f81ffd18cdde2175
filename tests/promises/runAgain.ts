import { Cluster } from "../helpers/cluster";
import { Life } from "../helpers/life";
import { Cell, inNotebook } from "../helpers/notebook";

/** A notebook of today, another next to it, and the first again in a new session, as it is run tomorrow. */
const notebooks = `
write = 'spark.range(100).write.mode("overwrite").saveAsTable("birds")\\n'
rest = """
spark.sql("CREATE TABLE IF NOT EXISTS sightings (bird BIGINT, place STRING)")
spark.sql("INSERT INTO sightings VALUES (1, 'lake'), (2, 'wood')")
spark.sql("CREATE OR REPLACE VIEW at_the_lake AS SELECT * FROM sightings WHERE place = 'lake'")
spark.sql("CREATE TABLE gone AS SELECT 1 AS one")
spark.sql("DROP TABLE gone")
print(spark.table("birds").count(), spark.table("at_the_lake").count())
"""
cells, today, other = {}, Notebook(), Notebook()
cells["first"] = today.run(SESSION + write)
cells["again"] = today.run(write + rest)
cells["other"] = other.run(SESSION + """
print(spark.table("birds").count(), sorted(row.tableName for row in spark.sql("SHOW TABLES").collect()))
spark.range(7).write.mode("overwrite").saveAsTable("birds")
""")
cells["seen"] = today.run("print(spark.table('birds').count())")
today.close()
other.close()

tomorrow = Notebook()
cells["tomorrow"] = tomorrow.run(SESSION.replace(".getOrCreate", ".enableHiveSupport().getOrCreate") + "print(spark.table('birds').count())\\n" + write + rest)
cells["dropped"] = tomorrow.run("""
spark.sql("DROP VIEW at_the_lake")
for table in ("birds", "sightings"):
    spark.sql(f"DROP TABLE {table}")
import pathlib
print(spark.sql("SHOW TABLES").count(), *pathlib.Path("/opt/workspace/spark-warehouse").iterdir())
""")
tomorrow.close()
print(json.dumps(cells))
`;

type Seen = Readonly<Record<"first" | "again" | "other" | "seen" | "tomorrow" | "dropped", Cell>>;

/** Notebooks with tables, which are run again. The cluster has two sessions, of which none is in use, and no table. */
export function runAgain(cluster: Cluster): void {
  describe("tables", () => {
    const seen = cluster.shared("running the notebooks again", (stack) => inNotebook<Seen>(stack, notebooks));

    cluster.test("a table is written without a word, and again in the same session", async () => {
      const { first, again } = await seen();
      expect(first).toMatchObject({ stdout: "", stderr: "", error: "" });
      expect(again).toMatchObject({ stdout: "100 1\n", stderr: "", error: "" });
    });

    cluster.test("a notebook next to it finds the tables and views, and replaces a table for both", async () => {
      const { other, seen: after } = await seen();
      expect(other).toMatchObject({ stdout: "100 ['at_the_lake', 'birds', 'sightings']\n", stderr: "", error: "" });
      expect(after).toMatchObject({ stdout: "7\n", error: "" });
    });

    cluster.test("tomorrow the same cells find the tables, write them again, and drop them with their files", async () => {
      const { tomorrow, dropped } = await seen();
      expect(tomorrow).toMatchObject({ stdout: "7\n100 2\n", stderr: "", error: "" });
      expect(dropped).toMatchObject({ stdout: "0\n", error: "" });
    });
  });
}

/** Two sessions of one kernel, each with a catalog of its own. */
const ownCatalogs = `
write = 'spark.range(3).write.mode("overwrite").saveAsTable("of_before")\\n'
notebook = Notebook()
cells = {"first": notebook.run(SESSION + write), "refused": notebook.run("spark.stop()" + SESSION + write)}
folder = "/opt/workspace/spark-warehouse/of_before"
cells["after"] = notebook.run(f"import shutil\\nshutil.rmtree('{folder}')\\n" + write + "print(spark.table('of_before').count())")
notebook.run(f"spark.stop()\\nshutil.rmtree('{folder}')")
notebook.close()
print(json.dumps(cells))
`;

/** On a cluster with `catalog: session`, of which no session is in use. */
export function ownCatalog(life: Life): void {
  life.step(
    "where each session has its own catalog, a table of an earlier one is in the way until its folder is deleted",
    async (stack) => {
      const cells = await inNotebook<Readonly<Record<"first" | "refused" | "after", Cell>>>(stack, ownCatalogs);
      expect(cells.first).toMatchObject({ stderr: "", error: "" });
      expect(cells.refused.error).toContain("[LOCATION_ALREADY_EXISTS]");
      expect(cells.refused.stderr).toContain('shutil.rmtree("/opt/workspace/spark-warehouse/of_before")');
      expect(cells.after).toMatchObject({ stdout: "3\n", error: "" });
    },
  );
}
