import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Life } from "../helpers/life";

/** Not the images' user. */
const person = { uid: 1234, gid: 2345 };

/** A git repository of {@link person} as the workspace, and a folder with data that is only read. */
export function hostFolders(): { readonly repository: string; readonly config: Readonly<Record<string, string>> } {
  const folder = mkdtempSync(join(tmpdir(), "spark-cluster-folders-"));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const [repository, data] = [join(folder, "birds"), join(folder, "data")];
  [join(repository, "data"), data].forEach((path) => mkdirSync(path, { recursive: true }));
  writeFileSync(join(data, "birds.csv"), "name\nheron\n");
  writeFileSync(join(repository, "helpers.py"), "def double(x):\n    return 2 * x\n");
  execFileSync("git", ["init", "--quiet", repository]);
  execFileSync("chown", ["-R", `${person.uid}:${person.gid}`, repository]);
  return { repository, config: { workspaceFolder: repository, "folders.data": `${data}:ro` } };
}

/** A cluster with the configuration of {@link hostFolders}. */
export function workspaceFolder(life: Life, repository: string): void {
  const asPerson = (command: string) =>
    execFileSync(
      ...(["setpriv", [`--reuid=${person.uid}`, `--regid=${person.gid}`, "--clear-groups", "sh", "-ec", command]] as const),
      { cwd: repository, encoding: "utf8", env: { ...process.env, HOME: repository } },
    );

  life.step(
    "a folder of the host is the workspace, and its owner and the containers change each other's files",
    async (stack) => {
      const output = await stack.python(`
import os, helpers
from pyspark.sql import SparkSession, functions as F
spark = SparkSession.builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
birds = spark.read.csv("/opt/workspace/data", header=True).repartition(2)
birds.select(F.udf(helpers.double)("name").alias("name")).write.json("/opt/workspace/written")
open("notes", "w").write("from the notebook")
print(os.path.expanduser("~"), os.access("/opt/workspace/data/birds.csv", os.W_OK), spark.read.json("written").first().name)
`);
      expect(output.trim().split("\n").at(-1)).toBe("/home/spark False heronheron");
      expect(asPerson("find . ! -user 1234; echo ' and the host' >> notes; rm -r written; git status --short")).toBe(
        "?? __pycache__/\n?? helpers.py\n?? notes\n",
      );
      expect(await stack.askInside(stack.nameOf("jupyterlab"), "sh", "-c", "echo ' and again' >> notes; cat notes")).toBe(
        "from the notebook and the host\n and again\n",
      );
    },
  );
}
