import { readFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ok, run } from "../integration/helpers/run";
import { TestStack } from "../integration/helpers/testStack";

const session = `
import time
from pyspark.sql import SparkSession, functions as F
spark = SparkSession.builder.getOrCreate()
`;

/** A session of its own, beside one that has the only executor that notebooks may have on this cluster. */
const besideIt = session.replace("builder", 'builder.master("local[1]")');

/** Makes a table, and keeps its session until it has seen another's, made at the same time. */
const tableAndTable = (mine: string, other: string) => `
spark.range(100).withColumn("third", F.col("id") % 3).write.partitionBy("third").saveAsTable("${mine}")
deadline = time.time() + 250
while not spark.catalog.tableExists("${other}") and time.time() < deadline:
    time.sleep(0.5)
print("${mine} sees", spark.table("${other}").where("third = 1").count(), "rows of ${other}")
`;

/** What a notebook does with tables beside saveAsTable. */
const allSorts = `
spark.sql("CREATE DATABASE team")
spark.range(10).writeTo("team.numbers").using("parquet").create()
spark.range(5).write.insertInto("team.numbers")
spark.sql("CREATE TABLE words (word STRING, n INT)")
spark.sql("INSERT INTO words VALUES ('one', 1), ('two', 2)")
spark.sql("CREATE VIEW large AS SELECT * FROM words WHERE n > 1")
spark.range(3).createOrReplaceTempView("fleeting")
print("fleeting", spark.sql("SELECT count(*) FROM fleeting").first()[0])
spark.sql("ALTER TABLE words ADD COLUMNS (note STRING)")
spark.sql("CREATE TABLE gone AS SELECT 1 AS one")
spark.sql("DROP TABLE gone")
`;

const everythingThere = `
print("numbers", spark.table("team.numbers").count(), "large", [row.word for row in spark.table("large").collect()])
print("columns", spark.table("words").columns, "gone", spark.catalog.tableExists("gone"), "fleeting", spark.catalog.tableExists("fleeting"))
print("rows", spark.table("one").count(), spark.table("other").count())
import os
print("owners", {os.stat(path).st_uid for path, _, _ in os.walk("/opt/workspace/spark-warehouse")})
`;

const connectJob = `
import sys
from pyspark.sql import SparkSession, functions as F
spark = SparkSession.builder.remote(sys.stdin.readline().strip()).getOrCreate()
print("sum", spark.range(1000).selectExpr("sum(id)").first()[0])
`;

const connectTables = `
plus = F.udf(lambda n: n + 1, "long")
print("plus", spark.table("one").select(F.sum(plus("id"))).first()[0])
spark.range(7).write.mode("overwrite").saveAsTable("from_outside")
`;

/** A client that says that its Python is another: what it packs says so with it. */
const anotherPython = `
sys.version_info = (3, 12, 0, "final", 0)
spark.range(3).select(F.udf(lambda n: n, "long")("id")).collect()
`;

describe("a cluster with a shared catalog and Spark Connect", () => {
  let stack: TestStack;
  let venv: string;
  let url: string;

  /** Runs a program of this machine, with the address on its standard input. */
  const client = (source: string, address = url) =>
    run(join(venv, "bin/python"), ["-c", source], { input: `${address}\n`, timeout: 240 });

  beforeAll(async () => {
    venv = mkdtempSync(join(tmpdir(), "spark-connect-client-"));
    stack = await TestStack.make({ config: { workers: "1", catalog: "shared", sparkConnect: "true" } });
    const installed = ok("python3", ["-m", "venv", venv]).then(() =>
      ok(join(venv, "bin/pip"), ["install", "--require-hashes", "--requirement", join(__dirname, "spark-connect.txt")], {
        timeout: 900,
      }),
    );
    expect(await stack.up()).toContain("A job ran on all 1 workers");
    await installed;
    url = (await stack.outputs()).sparkConnect ?? "";
  });

  afterAll(async () => {
    rmSync(venv, { recursive: true, force: true });
    await TestStack.destroyAll();
  });

  const fileOf = (name: string, file: string) => stack.askInside(`spark-cluster-${stack.name}-${name}`, "cat", file);

  test("two sessions that are the first, at the same time, each find the table that the other saves", async () => {
    const seen = await Promise.all([
      stack.python(session + tableAndTable("one", "other") + allSorts, 800),
      stack.python(besideIt + tableAndTable("other", "one"), 800),
    ]);
    expect(seen[0]).toContain("one sees 33 rows of other");
    expect(seen[0]).toContain("fleeting 3");
    expect(seen[1]).toContain("other sees 33 rows of one");
  });

  test("a program of this machine uses the cluster, with the tables of its notebooks and a function of its own", async () => {
    const { output } = await client(connectJob + connectTables);
    expect(output).toContain("sum 499500");
    expect(output).toContain("plus 5050");
  });

  test("without the token, or with another, it is refused", async () => {
    const [none, wrong] = await Promise.all([
      client(connectJob, url.replace(/;token=.*/, "")),
      client(connectJob, url.replace(/token=.*/, "token=wrong")),
    ]);
    expect([none.code, wrong.code]).toEqual([1, 1]);
    expect(none.output).toContain("No authentication token provided");
    expect(wrong.output).toContain("Invalid authentication token");
  });

  test("a function from another Python is refused with the reason", async () => {
    const { code, output } = await client(connectJob + anotherPython);
    expect(code).toBe(1);
    expect(output).toContain("sum 499500");
    expect(output).toContain("Python in worker has different version: 3.11 than that in driver: 3.12");
  });

  test("tables, views and databases are there after every container was replaced", async () => {
    const before = await stack.ids();
    await stack.must("down");
    // With another password: the database takes the one of the day.
    await stack.set("secretGeneration", "2");
    await stack.bareUp();
    const after = await stack.ids();
    expect(Object.keys(after).sort()).toEqual(["catalog", "connect", "history-server", "jupyterlab", "master", "worker-1"]);
    expect(Object.values(after).filter((id) => Object.values(before).includes(id))).toEqual([]);
    url = (await stack.outputs()).sparkConnect ?? "";
    const output = await stack.python(session + everythingThere, 400);
    expect(output).toContain("numbers 15 large ['two']");
    expect(output).toContain("columns ['word', 'n', 'note'] gone False fleeting False");
    expect(output).toContain("rows 100 100");
    expect(output).toContain("owners {1000}");
    expect((await client(connectJob + connectTables)).output).toContain("plus 5050");
  });

  test("the database's tables are those that the Hive in Spark asks for", async () => {
    const schema = await ok("tools/catalog-schema.sh", [stack.name], { cwd: stack.folder, env: stack.env, timeout: 600 });
    expect(schema).toBe(readFileSync(join(stack.folder, "images/catalog/schema.sql"), "utf8"));
  });

  test("Connect is open to this machine alone, the database to the cluster alone, and there to its password alone", async () => {
    const { connect, catalog } = await stack.containers();
    expect(Object.values(connect?.HostConfig.PortBindings ?? {}).flat()).toEqual([
      expect.objectContaining({ HostIp: "127.0.0.1" }),
    ]);
    expect(catalog?.HostConfig.PortBindings ?? {}).toEqual({});
    const asks = (user: string, database: string) =>
      `psql --no-password "host=catalog user=${user} dbname=${database}" --command "SELECT 1" 2>&1 || true`;
    const answers = await stack.askInside(
      `spark-cluster-${stack.name}-catalog`,
      "sh",
      "-c",
      `${asks("hive", "catalog")}; ${asks("spark", "postgres")}; PGPASSWORD=wrong ${asks("hive", "catalog")}`,
    );
    expect(answers).toContain("no password supplied");
    expect(answers).toContain("no pg_hba.conf entry for host");
    expect(answers).toContain('password authentication failed for user "hive"');
  });

  test("neither the token nor the password is seen from outside", async () => {
    const token = new URL(url).pathname.replace(/.*token=/, "");
    const password = await fileOf("catalog", "/etc/spark-cluster/catalog-password");
    const names = Object.keys(await stack.ids());
    const seen = await Promise.all([
      stack.containers().then((containers) => JSON.stringify(containers)),
      stack.pulumi("stack", "export"),
      ok("ps", ["-eww", "-o", "args"]),
      ...names.map(async (name) => (await run("docker", ["logs", `spark-cluster-${stack.name}-${name}`])).output),
    ]);
    for (const secret of [token, password]) {
      expect(secret).toMatch(/^[0-9a-f]{64}$/);
      expect(seen.filter((text) => text.includes(secret))).toEqual([]);
    }
    expect(await fileOf("jupyterlab", "/etc/spark-cluster/spark-defaults.conf")).not.toContain(token);
  });

  test("the next up, after a look at the engine, has nothing to do", async () => {
    expect(await stack.pendingChanges()).toBe("");
  });
});
