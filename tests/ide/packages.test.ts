import { readFileSync } from "node:fs";
import { join } from "node:path";

import { TestStack } from "../integration/helpers/testStack";
import { S3Server } from "./helpers/s3Server";

const session = `
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
`;

/** What a worker answers: its name and what a function of a package makes of a number. */
const onWorkers = (name: string, body: string) => `
def ${name}(number):
    import socket
    ${body}
print(sorted(set(spark.sparkContext.range(4, numSlices=4).map(${name}).collect())))
`;

const bakedIn = onWorkers("words", "import humanize; return socket.gethostname(), humanize.intword(1_200_000)");
const installed = onWorkers("plural", 'import inflection; return socket.gethostname(), inflection.pluralize("octopus")');

const delta = `
from delta.tables import DeltaTable
spark.range(10).selectExpr("id", "'first' AS written").write.format("delta").mode("overwrite").saveAsTable("birds")
DeltaTable.forName(spark, "birds").update("id < 3", {"written": "'second'"})
count = lambda version: spark.sql(f"SELECT count(*) FROM birds {version} WHERE written = 'second'").first()[0]
print("now", count(""), "before", count("VERSION AS OF 0"))
`;

const s3 = `
spark.range(1000, numPartitions=2).write.mode("overwrite").parquet("s3a://bucket/numbers")
print("rows", spark.read.parquet("s3a://bucket/numbers").where("id >= 10").count())
`;

const inPath = `
import sys
folders = [folder for folder in sys.path if "packages" in folder]
print(["notebooks'" if ".spark-cluster" in folder else "image's" for folder in folders])
`;

const versions = `
from importlib.metadata import distributions
print([each.version for each in distributions() if each.name == "inflection"])
`;

describe("a cluster with packages of PyPI, jars of Maven and an object store of its own", () => {
  let stack: TestStack;
  let server: S3Server;
  let printed: Record<string, string>;

  beforeAll(async () => {
    stack = await TestStack.make({ config: { workers: "1" } });
    server = await S3Server.start("bucket");
    await stack.setAll(
      {
        "extraPythonPackages[0]": "delta-spark==4.4.0",
        "extraPythonPackages[1]": "humanize==4.13.0",
        "extraJars[0]": "io.delta:delta-spark_4.1_2.13:4.4.0",
        'sparkProperties["spark.sql.extensions"]': "io.delta.sql.DeltaSparkSessionExtension",
        'sparkProperties["spark.sql.catalog.spark_catalog"]': "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        'sparkProperties["spark.databricks.delta.snapshotPartitions"]': "2",
        "s3.endpoint": server.endpoint,
      },
      { "s3.accessKey": server.accessKey, "s3.secretKey": server.secretKey },
    );
    await stack.bareUp();
    printed = await notebook(stack, {
      bakedIn: session + bakedIn,
      delta,
      s3,
      inPath,
      install: "%pip install inflection==0.5.0",
      installed,
      upgrade: `%pip install inflection==0.5.1`,
      versions,
      incompatible: '%pip install "pandas<2"',
      unknown: "%pip install no-such-package-of-this-test",
      stop: "spark.stop()",
    });
  });

  afterAll(async () => {
    await TestStack.destroyAll();
    await S3Server.stopAll();
  });

  test("a package of the configuration is in a function on the workers", () => {
    expect(printed.bakedIn).toContain("[('spark-worker-1', '1.2 million')]");
  });

  test("Delta Lake writes a table, updates it, and reads it as it was", () => {
    expect(printed.delta).toContain("now 3 before 0");
  });

  test("an object store is written and read by the executors at an s3a address", () => {
    expect(printed.s3).toContain("rows 990");
    const objects = server.objects("bucket");
    expect(objects).toContain("numbers/_SUCCESS");
    expect(objects.filter((each) => /^numbers\/part-.*\.parquet$/.test(each))).toHaveLength(2);
  });

  test("what a notebook installs is there at once, on the workers too, though their Python runs already", () => {
    expect(printed.install).toContain("Successfully installed inflection-0.5.0");
    expect(printed.installed).toContain("[('spark-worker-1', 'octopi')]");
  });

  test("it comes after the image's own packages, and another version takes its place", () => {
    expect(printed.inPath).toContain(`["image's", "notebooks'"]`);
    expect(printed.upgrade).toContain("Successfully uninstalled inflection-0.5.0");
    expect(printed.versions).toContain("['0.5.1']");
  });

  test("what does not fit the image, or is nowhere, is refused in pip's words with its name", () => {
    expect(printed.incompatible).toMatch(/Cannot install pandas<2 .*conflicting dependencies/);
    expect(printed.incompatible).toMatch(/The user requested \(constraint\) pandas==\d/);
    expect(printed.unknown).toContain("No matching distribution found for no-such-package-of-this-test");
  });

  test("the store's credentials are seen nowhere from outside", async () => {
    const containers = Object.values(await stack.containers());
    const images = [...new Set(containers.map(({ Image }) => Image))];
    const told = await Promise.all([
      ...images.map((image) => stack.ask("history", "--no-trunc", image)),
      stack.ask("inspect", ...images),
      ...containers.map(({ Id }) => stack.ask("top", Id, "-eo", "pid,args")),
      stack.pulumi("stack", "export"),
      stack.pulumi("config"),
    ]);
    for (const key of [server.accessKey, server.secretKey]) {
      expect([...told, JSON.stringify(containers)].filter((each) => each.includes(key))).toEqual([]);
    }
  });

  test("an image that cannot be built for one of them is one error with its name and key, and the cluster goes on", async () => {
    const before = await stack.ids();
    const python = await failedUp(stack, "extraPythonPackages[2]", "no-such-package-of-this-test==1.0");
    expect(python).toContain("extraPythonPackages[2]: no-such-package-of-this-test==1.0 is nowhere");
    expect(python).not.toContain("extraJars[");
    const conflict = await failedUp(stack, "extraPythonPackages[2]", "pandas<2");
    expect(conflict).toMatch(/extraPythonPackages\[2\]: pandas<2 does not fit what is there: pandas==\d/);
    const jar = await failedUp(stack, "extraJars[1]", "org.example:no-such-jar-of-this-test:1.0");
    expect(jar).toContain("extraJars[1]: Maven has no org.example:no-such-jar-of-this-test:1.0");
    expect(jar).not.toContain("extraPythonPackages[");
    expect(await stack.ids()).toEqual(before);
    expect(await stack.pendingChanges()).toBe("");
  });

  test("what a notebook installed outlives the containers, and goes when a notebook takes it away", async () => {
    const before = await stack.ids();
    await stack.ask("rm", "--force", before["worker-1"]!, before.jupyterlab!);
    await stack.bareUp();
    const after = await stack.ids();
    expect([after["worker-1"], after.jupyterlab]).not.toEqual([before["worker-1"], before.jupyterlab]);
    const again = await notebook(stack, {
      installed: session + installed,
      stop: "spark.stop()",
      uninstall: "%pip uninstall --yes inflection",
      versions,
    });
    expect(again.installed).toContain("[('spark-worker-1', 'octopi')]");
    expect(again.uninstall).toContain("Successfully uninstalled inflection-0.5.1");
    expect(again.versions).toContain("[]");
  });
});

const kernel = readFileSync(join(__dirname, "helpers/notebook.py"), "utf8");

/** Runs cells one after the other in one notebook, errors or not, and returns what each printed. */
async function notebook(stack: TestStack, cells: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const source = JSON.stringify(`${kernel}
book = Notebook()
for name, cell in ${JSON.stringify(Object.entries(cells))}:
    seen = book.run(cell, timeout=300)
    print(json.dumps([name, seen["stdout"] + seen["stderr"] + seen["error"]]))
book.close()
`);
  const output = await stack.python(`import os; os.execv("/opt/jupyterlab/bin/python", ["python", "-c", ${source}])`, 1500);
  const lines = output.trim().split("\n");
  return Object.fromEntries(lines.map((line) => JSON.parse(line) as [string, string]));
}

/** What `make up` says, which has to fail, with one key set that is taken away again. */
async function failedUp(stack: TestStack, path: string, value: string): Promise<string> {
  await stack.pulumi("config", "set", "--path", path, value);
  const { code, output } = await stack.make("up");
  await stack.pulumi("config", "rm", "--path", path);
  expect(code).not.toBe(0);
  return output;
}
