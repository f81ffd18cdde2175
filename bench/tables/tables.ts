import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import { clientCommand } from "../../engine/cli";
import { ok } from "../../testbed/run";
import { Place } from "../sides/place";

const project = join(__dirname, "../..");
const cache = join(project, "node_modules/.cache/bench");

/** The folder of the queries. */
export const queries = join(project, "bench/queries");

/** The folder of queries and tables in every container that shares a volume. */
export const benchPath = "/opt/workspace/bench";

/** The folder of TPC-H's tables at a scale, one Parquet file each, generated once for a machine. */
export async function tables(scale: number): Promise<string> {
  const folder = join(cache, `tpch-${scale}`);
  if (!existsSync(folder)) {
    const generator = await tool("tpchgen-cli");
    rmSync(`${folder}.partial`, { recursive: true, force: true });
    await ok(generator, ["parquet", "--scale-factor", String(scale), "--output-dir", `${folder}.partial`], { timeout: 600 });
    renameSync(`${folder}.partial`, folder);
  }
  return folder;
}

/** The path of a program of this folder's Python packages, in their own virtual environment. */
export async function tool(name: "python" | "tpchgen-cli"): Promise<string> {
  const environment = join(cache, "tools");
  const program = join(environment, "bin", name);
  if (!existsSync(program)) {
    await ok("python3", ["-m", "venv", environment]);
    const options = ["--quiet", "--only-binary", ":all:", "--require-hashes"];
    const requirements = join(__dirname, "tools.txt");
    await ok(join(environment, "bin/python"), ["-m", "pip", "install", ...options, "--requirement", requirements], {
      timeout: 300,
    });
  }
  return program;
}

/** Copies queries and tables to where the notebook and all workers of a cluster see them. */
export async function deliver(place: Place, scale = 1): Promise<void> {
  await deliverFolder(place, queries, "queries");
  await deliverFolder(place, await tables(scale), `tables-${scale}`);
}

/** Copies with tar: the engine's own copy fails with a read-only root, even into a mounted volume. */
async function deliverFolder(place: Place, folder: string, name: string): Promise<void> {
  const target = `${benchPath}/${name}`;
  const receive = `mkdir -p ${target} && tar --extract --no-same-owner --directory ${target}`;
  const client = clientCommand(place.engine, "exec", "--interactive", place.container, "sh", "-c", receive);
  const script = 'folder=$1 && shift && tar --create --directory "$folder" . | "$@"';
  await ok("bash", ["-o", "pipefail", "-c", script, "bash", folder, ...client], { timeout: 600 });
}
