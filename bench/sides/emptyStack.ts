import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ok } from "../../testbed/run";
import { Scratch } from "../harness/scratch";
import { OurCluster } from "./ourCluster";

/** A project without resources, with the same CLI, runtime, backend and packages: the lower bound of any Pulumi program. */
export async function makeEmptyStack(cluster: OurCluster, scratch: Scratch): Promise<{ up(): Promise<void> }> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "spark-cluster-empty-")));
  scratch.later("the empty project", async () => {
    rmSync(folder, { recursive: true });
  });
  const runtime = "runtime:\n  name: nodejs\n  options:\n    typescript: true\nmain: index.ts\n";
  writeFileSync(join(folder, "Pulumi.yaml"), `name: empty\n${runtime}`);
  writeFileSync(join(folder, "package.json"), '{ "name": "empty", "private": true, "main": "index.ts" }\n');
  writeFileSync(join(folder, "index.ts"), "export {};\n");
  symlinkSync(join(cluster.stack.folder, "node_modules"), join(folder, "node_modules"));
  const options = { cwd: folder, env: { ...cluster.shell, PULUMI_STACK: "empty" }, timeout: 300 };
  const pulumi = async (...args: string[]) => {
    await ok("pulumi", args, options);
  };
  await pulumi("stack", "init", "empty");
  return { up: () => pulumi("up", "--yes", "--skip-preview", "--refresh=false") };
}
