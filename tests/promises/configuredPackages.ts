import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { run } from "../../testbed/run";
import { TestStack } from "../../testbed/testStack";
import { session } from "../helpers/faults";
import { Life } from "../helpers/life";
import { inNotebook } from "../helpers/notebook";

/** What a worker answers: its name and what a function of a package makes of a number. */
const onWorkers = (name: string, body: string) => `
def ${name}(number):
    import socket
    ${body}
print(sorted(set(spark.sparkContext.range(4, numSlices=4).map(${name}).collect())))
`;

const bakedIn = onWorkers(
  "words",
  `import humanize, shutil, text_unidecode
    return socket.gethostname(), humanize.intword(1_200_000), text_unidecode.unidecode("Brötchen"), shutil.which("tree")`,
);
const installed = onWorkers("plural", 'import inflection; return socket.gethostname(), inflection.pluralize("octopus")');
const octopi = "[('spark-worker-1', 'octopi')]";

const delta = `
from delta.tables import DeltaTable
spark.range(10).selectExpr("id", "'first' AS written").write.mode("overwrite").saveAsTable("birds")
DeltaTable.forName(spark, "birds").update("id < 3", {"written": "'second'"})
spark.sql("MERGE INTO birds USING (SELECT * FROM range(9, 12)) AS more ON birds.id = more.id WHEN NOT MATCHED THEN INSERT (id, written) VALUES (more.id, 'second')")
`;

const history = `
count = lambda version: spark.sql(f"SELECT count(*) FROM birds {version} WHERE written = :word", args={"word": "second"}).first()[0]
print("now", count(""), "before", count("VERSION AS OF 0"))
print([row.operation for row in spark.sql("DESCRIBE HISTORY birds").orderBy("version").collect()])
`;

const s3 = `
import pandas
spark.range(1000, numPartitions=2).write.mode("overwrite").parquet("s3a://spark/numbers")
print("rows", spark.read.parquet("s3a://spark/numbers").where("id >= 10").count())
spark.range(3).write.option("path", "s3a://spark/three").saveAsTable("three")
pandas.DataFrame({"id": range(7)}).to_parquet("s3://spark/seven.parquet")
print("pandas", len(pandas.read_parquet("s3://spark/numbers")))
`;

const s3Again = `
print(*(spark.read.parquet(f"s3a://spark/{name}").count() for name in ("numbers", "seven.parquet")), spark.table("three").count())
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

/** A notebook as a job of jupyter-scheduler: prints how the job ended and the output that was downloaded. */
const scheduled = `
def code(number, source, *tags):
    return {"cell_type": "code", "id": f"cell-{number}", "metadata": {"tags": tags}, "execution_count": None, "outputs": [], "source": source}

cells = [code(1, "rows = 1", "parameters"), code(2, ${JSON.stringify(`${session}print("rows", spark.range(rows).count())`)})]
kernel = {"kernelspec": {"name": "python3", "display_name": "PySpark"}}
content = {"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": cells}
ask_server("/api/contents/report.ipynb", json.dumps({"type": "notebook", "content": content}).encode(), "PUT")
[environment] = ask_server("/scheduler/runtime_environments")
asked = {"name": "report", "input_uri": "report.ipynb", "runtime_environment_name": environment["name"], "parameters": {"rows": "7"}}
job = "/scheduler/jobs/" + ask_server("/scheduler/jobs", json.dumps({**asked, "output_formats": ["ipynb"]}).encode(), "POST")["job_id"]
status = None
while status not in ("COMPLETED", "FAILED"):
    time.sleep(0.5)
    status = ask_server(job)["status"]
ask_server(job + "/download_files")  # starts the download, which includes the input
for _ in range(60):
    outputs = [each.read_text() for each in pathlib.Path("/opt/workspace/jobs").glob("*/report*")]
    if any("rows 7" in each for each in outputs):
        break
    time.sleep(0.5)
print(json.dumps({"status": status, "outputs": outputs}))
`;

const packages = ["humanize==4.13.0"];
const hash = "1311f10e8b895935241623731c2ba64f4c455287888b18189350b67134a822e8";
const requirements = `# locked\r\ntext-unidecode==1.3 ; python_version > "3" \\\r\n    --hash=sha256:${hash}\r\n`;
const ofLab = {
  "extraDebianPackages[0]": "tree",
  "extraLabPackages[0]": "jupyterlab-language-pack-de-DE",
  "extraLabPackages[1]": "jupyter-scheduler==2.12.1",
};
const driverJar = "org.postgresql:postgresql:42.7.7";

/** Runs cells one after the other in one notebook, errors or not, and returns what each printed. */
const notebook = <T extends Readonly<Record<string, string>>>(stack: TestStack, cells: T) =>
  inNotebook<Record<keyof T, string>>(
    stack,
    `
book = Notebook()
printed = {}
for name, cell in ${JSON.stringify(Object.entries(cells))}:
    seen = book.run(cell)
    printed[name] = seen["stdout"] + seen["stderr"] + seen["error"]
book.close()
print(json.dumps(printed))`,
  );

/** What an image's build says of packages that it cannot have: it runs this very command, which fails, and shows its last line. */
function failedBuild(stack: TestStack, image: string, command: string, ...environment: string[]): Promise<string> {
  const options = ["--rm", "--user", "0", ...environment.flatMap((each) => ["--env", each])];
  return stack.ask("run", ...options, image, "sh", "-c", `! package-sources ${command} 2>&1`);
}

/** The variables of the output objectStore. */
async function storeOf(stack: TestStack): Promise<Readonly<Record<string, string>>> {
  const { objectStore = "" } = await stack.outputs();
  return Object.fromEntries(
    objectStore
      .trimEnd()
      .split("\n")
      .map((line) => line.split("=")),
  ) as Record<string, string>;
}

/** Packages of PyPI, jars of Maven and an object store in the configuration, and what notebooks install, on a cluster of one worker. */
export function configuredPackages(life: Life): void {
  const install = "what a notebook installs is there at once, on the workers too, though their Python runs already";
  const up = "an up with packages, jars and an object store replaces every container";
  let config: Buffer;
  let plainImage: string;
  let sparkImage: string;
  let printed: Awaited<ReturnType<typeof useAll>>;

  const useAll = (stack: TestStack) =>
    notebook(stack, {
      bakedIn: session + bakedIn,
      delta,
      s3,
      inPath,
      installed,
      upgrade: "%pip install inflection==0.5.1",
      versions,
      incompatible: '%pip install "pandas<2"',
      unknown: "%pip install no-such-package-of-this-test",
      stop: "spark.stop()",
      uninstall: "%pip uninstall --yes inflection",
      left: versions,
      history: session + history,
      s3Again,
    });

  /** A step on the cluster that has them. */
  const withThem = (name: string, body: (stack: TestStack) => Promise<void> | void, ...needs: readonly string[]) => {
    life.step(name, up, ...needs, async (stack) => body(stack));
  };

  describe("packages", () => {
    life.step(install, async (stack) => {
      const { install, installed: used } = await notebook(stack, {
        running: `${session}print(spark.sparkContext.range(4, numSlices=4).map(lambda number: number).count())`,
        install: "%pip install inflection==0.5.0",
        installed,
      });
      expect(install).toContain("Successfully installed inflection-0.5.0");
      expect(used).toContain(octopi);
    });

    life.step(up, async (stack) => {
      config = readFileSync(stack.file);
      const before = await stack.containers();
      plainImage = before.jupyterlab!.Image;
      sparkImage = before["worker-1"]!.Image;
      writeFileSync(join(stack.folder, "requirements.txt"), requirements);
      await stack.setAll({
        ...ofLab,
        pythonRequirements: "requirements.txt",
        ...Object.fromEntries(packages.map((each, index) => [`extraPythonPackages[${index}]`, each])),
        tables: "delta",
        "extraJars[0]": driverJar,
        objectStore: "true",
      });
      await stack.quickUp();
      const after = await stack.ids();
      expect(Object.keys(before).filter((name) => before[name]!.Id === after[name])).toEqual(["catalog"]);
      printed = await useAll(stack);
    });

    withThem("packages of the configuration, of a requirements file and of Debian are in a function on the workers", () => {
      expect(printed.bakedIn).toContain("[('spark-worker-1', '1.2 million', 'Brotchen', '/usr/bin/tree')]");
    });

    withThem("an extension of JupyterLab is in its own environment", async (stack) => {
      const { data } = await inNotebook<{ data: object }>(stack, 'print(json.dumps(ask_server("/lab/api/translations/")))');
      expect(Object.keys(data)).toContain("de_DE");
    });

    withThem("jupyter-scheduler runs a notebook as a job, with values of its own, and keeps the output", async (stack) => {
      const { status, outputs } = await inNotebook<{ status: string; outputs: string[] }>(stack, scheduled);
      expect(status).toBe("COMPLETED");
      expect(outputs).toContainEqual(expect.stringContaining("rows 7"));
    });

    withThem("saveAsTable makes tables of tables: delta, and another session reads their versions and history", () => {
      expect(printed.history).toContain("now 5 before 0");
      expect(printed.history).toContain("['CREATE OR REPLACE TABLE AS SELECT', 'UPDATE', 'MERGE']");
    });

    withThem(
      "executors and pandas write and read the cluster's object store, and another session finds files and tables",
      async (stack) => {
        expect(printed.s3).toContain("rows 990\npandas 1000");
        expect(printed.s3Again).toContain("1000 7 3");
        const found = await stack.askInside(stack.nameOf("object-store"), "find", "/var/lib/object-store/objects/spark/numbers");
        expect(found.split("\n").filter((each) => /\/part-.*\.parquet$/.test(each))).toHaveLength(2);
        expect(found).toContain("/_SUCCESS");
      },
    );

    withThem("the object store answers this machine with its keys, and nobody without", async (stack) => {
      const { AWS_ENDPOINT_URL_S3: url = "", ...keys } = await storeOf(stack);
      expect((await fetch(`${url}/spark?list-type=2`)).status).toBe(403);
      const unsigned = ["--header", "x-amz-content-sha256: UNSIGNED-PAYLOAD"];
      const signed = [
        ...unsigned,
        "--aws-sigv4",
        "aws:amz:us-east-1:s3",
        "--config",
        "-",
        `${url}/spark?list-type=2&prefix=seven`,
      ];
      const input = `user = "${keys.AWS_ACCESS_KEY_ID ?? ""}:${keys.AWS_SECRET_ACCESS_KEY ?? ""}"`;
      const { stdout } = await run("curl", ["--silent", ...signed], { input });
      expect(stdout).toContain("<Key>seven.parquet</Key>");
    });

    const outlives = () => {
      expect(printed.installed).toContain(octopi);
      expect(printed.uninstall).toContain("Successfully uninstalled inflection-0.5.1");
      expect(printed.left).toContain("[]");
    };
    withThem("what a notebook installed outlives the containers, and goes when a notebook removes it", outlives, install);

    const inItsPlace = () => {
      expect(printed.inPath).toContain(`["image's", "notebooks'"]`);
      expect(printed.upgrade).toContain("Successfully uninstalled inflection-0.5.0");
      expect(printed.versions).toContain("['0.5.1']");
    };
    withThem("it comes after the image's own packages, and another version takes its place", inItsPlace, install);

    withThem("a package that conflicts with the image's, or does not exist, is refused by name in pip's words", () => {
      expect(printed.incompatible).toMatch(/Cannot install pandas<2 .*conflicting dependencies/);
      expect(printed.incompatible).toMatch(/The user requested \(constraint\) pandas==\d/);
      expect(printed.unknown).toContain("No matching distribution found for no-such-package-of-this-test");
    });

    withThem("the object store's credentials cannot be seen from outside", async (stack) => {
      const containers = Object.values(await stack.containers());
      const images = [...new Set(containers.map(({ Image }) => Image))];
      const seen = await Promise.all([
        ...images.map((image) => stack.ask("history", "--no-trunc", image)),
        stack.ask("inspect", ...images),
        ...containers.map(({ Id }) => stack.ask("top", Id, "-eo", "pid,args")),
        stack.pulumi("stack", "export"),
        stack.pulumi("config"),
      ]);
      const { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey } = await storeOf(stack);
      for (const key of [accessKey, secretKey]) {
        expect(key).toMatch(/^[0-9a-f]{64}$/);
        expect([...seen, JSON.stringify(containers)].filter((each) => each.includes(key!))).toEqual([]);
      }
    });

    withThem("a package that an image cannot have is reported by name and key, and the cluster goes on", async (stack) => {
      const before = await stack.ids();
      const python = (wrong: string) => `EXTRA_PYTHON_PACKAGES=${[...packages, wrong].join(" ")}`;
      const jars = `EXTRA_JARS=${driverJar} org.example:no-such-jar-of-this-test:1.0`;
      await stack.setAll({ "extraPythonPackages[1]": "no-such-package-of-this-test==1.0" });
      const repository = python("bird@git+http://127.0.0.1:1/bird.git");
      const [unknown, conflict, cloned, debian, jar] = await Promise.all([
        stack.make("up"),
        failedBuild(stack, plainImage, "extra-python-packages extraPythonPackages", python("pandas<2")),
        failedBuild(stack, sparkImage, "extra-python-packages extraPythonPackages", repository),
        failedBuild(stack, plainImage, "extra-debian-packages", "EXTRA_DEBIAN_PACKAGES=tree no-such-package-of-this-test"),
        failedBuild(stack, plainImage, "extra-jars", jars, "S3=false"),
      ]);
      await stack.pulumi("config", "rm", "--path", "extraPythonPackages[1]");
      expect(unknown.code).not.toBe(0);
      expect(unknown.output).toContain("extraPythonPackages[1]: no-such-package-of-this-test==1.0 is nowhere");
      expect(unknown.output).not.toContain("extraJars[");
      expect(conflict).toMatch(/extraPythonPackages\[1\]: pandas<2 does not fit what is there: pandas==\d/);
      expect(cloned).toContain("bird does not come from its repository: unable to access 'http://127.0.0.1:1/bird.git/'");
      expect(debian).toContain("extraDebianPackages[1]: Debian 12 has no no-such-package-of-this-test.");
      expect(jar).toContain("extraJars[1]: Maven has no org.example:no-such-jar-of-this-test:1.0");
      expect(jar).not.toContain("extraPythonPackages[");
      expect(await stack.ids()).toEqual(before);
      expect(await stack.pendingChanges()).toBe("");
      rmSync(join(stack.folder, "requirements.txt"));
      writeFileSync(stack.file, config); // the next up goes back to the default images
    });
  });
}
