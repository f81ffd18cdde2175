import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Cluster } from "../helpers/cluster";
import { allSorts, session, tableAndTable } from "../helpers/tableCells";

/** A second session, while the first has the only executors that notebooks may have on this cluster. */
const besideIt = session.replace("builder", 'builder.master("local[1]")');

/** Changes a table of {@link allSorts}, and reads its first state. */
const changed = `
spark.sql("UPDATE words SET n = 10 WHERE word = 'one'")
first = spark.sql("SELECT snapshot_id FROM default.words.snapshots ORDER BY committed_at").first()[0]
total = lambda version: spark.sql(f"SELECT sum(n) FROM words {version}").first()[0]
print("total", total(""), "before", total(f"VERSION AS OF {first}"))
`;

/**
 * A shared catalog with `tables: iceberg`, which no session has used yet. Returns the making of the tables, which {@link connect}
 * reads.
 */
export function tables(cluster: Cluster): () => Promise<unknown> {
  const made = cluster.shared("the tables of two sessions", (stack) =>
    Promise.all([
      stack.python(session + tableAndTable("one", "other") + allSorts + changed, 800),
      stack.python(besideIt + tableAndTable("other", "one"), 800),
    ]),
  );

  cluster.test("a shared catalog serves its first two sessions at the same time: each finds the other's table", async () => {
    const seen = await made();
    expect(seen[0]).toContain("one sees 33 rows of other");
    expect(seen[0]).toContain("fleeting 3");
    expect(seen[1]).toContain("other sees 33 rows of one");
  });

  cluster.test("with tables: iceberg, tables can be changed, and have their earlier states", async () => {
    expect((await made())[0]).toContain("total 12 before 3");
  });

  cluster.test("a shared catalog has the database tables that the Hive in Spark asks for", async (stack) => {
    const { stdout: schema } = await stack.tool("catalog-schema", [], { timeout: 600 });
    expect(schema).toBe(readFileSync(join(stack.folder, "images/catalog/schema.sql"), "utf8"));
  });

  cluster.test("a shared catalog is open to its password alone", async (stack) => {
    const asks = (user: string, database: string) =>
      `psql --no-password "host=catalog user=${user} dbname=${database}" --command "SELECT 1" 2>&1 || true`;
    const all = `${asks("hive", "catalog")}; ${asks("spark", "postgres")}; PGPASSWORD=wrong ${asks("hive", "catalog")}`;
    const answers = await stack.askInside(stack.nameOf("catalog"), "sh", "-c", all);
    expect(answers).toContain("no password supplied");
    expect(answers).toContain("no pg_hba.conf entry for host");
    expect(answers).toContain('password authentication failed for user "hive"');
  });
  return made;
}
