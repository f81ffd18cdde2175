import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { Life } from "../helpers/life";

/** A person's folders on the host. */
export interface HostFolders {
  readonly uid: number;
  /** A git repository. */
  readonly repository: string;
  readonly data: string;
  /** Has the repository as the workspace, and a folder with data that is only read. */
  readonly config: Readonly<Record<string, string>>;
}

const made: string[] = [];

/** Folders of a user, by default not the images' own, which {@link makeHostFolders} makes. */
export function hostFolders(uid = 1234): HostFolders {
  const folder = join(tmpdir(), `spark-cluster-folders-${randomUUID()}`);
  const [repository, data] = [join(folder, "birds"), join(folder, "data")];
  return { uid, repository, data, config: { workspaceFolder: repository, "folders.measured": `${data}:ro` } };
}

/** Makes the folders, which are deleted with {@link removeHostFolders}. */
export function makeHostFolders(folders: HostFolders): HostFolders {
  const { uid, repository, data } = folders;
  made.push(dirname(repository));
  [join(repository, "measured"), data].forEach((path) => mkdirSync(path, { recursive: true }));
  chmodSync(dirname(repository), 0o755);
  writeFileSync(join(data, "birds.csv"), "name\nheron\n");
  writeFileSync(join(repository, "helpers.py"), "def double(x):\n    return 2 * x\n");
  execFileSync("git", ["init", "--quiet", repository]);
  execFileSync("chown", ["-R", `${uid}:${uid}`, repository]);
  return folders;
}

export function removeHostFolders(): void {
  made.splice(0).forEach((folder) => {
    rmSync(folder, { recursive: true, force: true });
  });
}

/** A cluster with the configuration of {@link hostFolders}. */
export function workspaceFolder(life: Life, folders: () => HostFolders | Promise<HostFolders>): void {
  life.step(
    "a folder of the host is the workspace, and its owner and the containers change each other's files",
    async (stack) => {
      const { uid, repository } = await folders();
      const output = await stack.python(`
import os, helpers
from pyspark.sql import SparkSession, functions as F
spark = SparkSession.builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
birds = spark.read.csv("/opt/workspace/measured", header=True).repartition(2)
birds.select(F.udf(helpers.double)("name").alias("name")).write.json("/opt/workspace/written")
open("notes", "w").write("from the notebook")
print(os.path.expanduser("~"), os.access("/opt/workspace/measured/birds.csv", os.W_OK), spark.read.json("written").first().name)
`);
      expect(output.trim().split("\n").at(-1)).toBe("/home/spark False heronheron");
      const asOwner = [`--reuid=${uid}`, `--regid=${uid}`, "--clear-groups", "env", `HOME=${repository}`, "sh", "-ec"];
      const commands = `find . ! -user ${uid}; echo ' and the host' >> notes; rm -r written; git status --short`;
      const seen = execFileSync("setpriv", [...asOwner, commands], { cwd: repository, encoding: "utf8" });
      expect(seen).toBe("?? __pycache__/\n?? helpers.py\n?? notes\n");
      const again = "echo ' and again' >> notes; cat notes";
      expect(await stack.askInside(stack.nameOf("jupyterlab"), "sh", "-c", again)).toBe(
        "from the notebook and the host\n and again\n",
      );
    },
  );
}
