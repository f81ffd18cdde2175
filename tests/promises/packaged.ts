import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freePorts } from "../../testbed/freePorts";
import { ok } from "../../testbed/run";
import { TestStack } from "../../testbed/testStack";
import { session } from "../helpers/faults";
import { Life } from "../helpers/life";

/** All other tests run on the machine's own Node.js. */
const nodeVersions = ["22.23.5", "24.22.3"];

/** Two clusters. The second has the user's own provider, and the heap of its executors is not known in a preview. */
const program = (stack: string, [lab = "", ui = "", otherLab = "", otherUi = ""]: readonly string[], heap: string) => `
import * as docker from "@pulumi/docker";
import { SparkCluster } from "spark-cluster";

const small = { workers: 1, historyServer: false, catalog: "session" } as const;
const birds = new SparkCluster("birds", { ...small, ports: { jupyterlab: ${lab}, sparkUi: ${ui} } });

const provider = new docker.Provider("mine", { host: "unix:///var/run/docker.sock" });
const volume = new docker.Volume("any", { name: "birds-${stack}-any" }, { provider });
const fish = new SparkCluster(
  "fish",
  {
    ...small,
    executorMemory: volume.mountpoint.apply(() => "${heap}"),
    ports: { jupyterlab: ${otherLab}, sparkUi: ${otherUi} },
  },
  { providers: { docker: provider } },
);
export const labs = [birds.jupyterlab, fish.jupyterlab];
`;

/** Names the component, as programs in YAML and Python do. An output is known if it is among the properties. */
const remote = ([jupyterlab = "", sparkUi = ""]: readonly string[], heap: string) => `
const pulumi = require("@pulumi/pulumi");
const args = { workers: 1, historyServer: false, catalog: "session", executorMemory: "${heap}" };
const ports = { jupyterlab: ${jupyterlab}, sparkUi: ${sparkUi} };
const birds = new pulumi.ComponentResource("spark-cluster:index:SparkCluster", "birds", { ...args, ports, jupyterlab: undefined }, {}, true);
exports.lab = birds.jupyterlab;
`;

const remoteProject = `
name: wrens
runtime: nodejs
plugins:
  providers: [{ name: spark-cluster, path: ../node_modules/spark-cluster/plugin }]
`;

const job = `
${session}
rows = spark.range(1000).selectExpr("sum(id)").first()[0]
print(spark.conf.get("spark.executor.memory"), rows, spark.conf.get("spark.master"))
`;

/** What another project does with the package of this one. The stack of `life` is never up. */
export function packaged(life: Life): void {
  let folder = "";
  let stackName = "";
  let ports: string[] = [];
  const write = (heap: string) => {
    writeFileSync(join(folder, "index.ts"), program(stackName, ports, heap));
  };
  /** As {@link TestStack.pulumiWith}, in the program's folder or one below it, with a Node.js that the folder has. */
  const withNode = async (stack: TestStack, version: "22" | "24", cwd = folder) => {
    const { PATH = "" } = await stack.shell();
    return { cwd, env: { PATH: `${join(folder, "node_modules", `node-${version}`, "bin")}:${PATH}` } };
  };
  const must = async (stack: TestStack, ...args: string[]) => stack.mustPulumi(await withNode(stack, "24"), ...args);
  const clusterOf = (name: string) => `birds-${stackName}-${name}`;

  afterAll(async () => {
    const stack = await life.stack();
    await stack.removeAll(clusterOf("birds"));
    await stack.removeAll(clusterOf("fish"));
    await stack.removeAll(`wrens-${stackName}-birds`);
    await stack.tryAsk(["volume", "rm", `birds-${stackName}-any`]); // destroy has removed it, unless a step failed
    rmSync(folder, { recursive: true, force: true });
  });

  const installed = "npm pack makes a package with images and types, which another project installs";
  life.step(installed, async (stack) => {
    folder = mkdtempSync(join(tmpdir(), "spark-cluster-birds-"));
    [stackName, ports] = [stack.name, (await freePorts(4)).map(String)];
    mkdirSync(join(folder, "package"));
    await ok("npm", ["pack", "--pack-destination", join(folder, "package")], { cwd: stack.folder });
    const [tarball = ""] = readdirSync(join(folder, "package"));
    expect(tarball).toMatch(/^spark-cluster-.*\.tgz$/);
    writeFileSync(join(folder, "Pulumi.yaml"), "name: birds\nruntime: nodejs\n");
    writeFileSync(join(folder, "package.json"), '{ "private": true, "main": "index.ts" }');
    const nodes = nodeVersions.map((version) => `node-${version.slice(0, 2)}@npm:node-linux-${process.arch}@${version}`);
    const packages = [`./package/${tarball}`, "typescript@5.9.3", "@types/node@20.19.0", ...nodes];
    await ok("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...packages], { cwd: folder });
    write("500m");
    const strict = ["--strict", "--noEmit", "--skipLibCheck", "--target", "es2022", "--types", "node"];
    await ok("npx", ["tsc", ...strict, "--module", "nodenext", "index.ts"], { cwd: folder });
    await ok("npx", ["tsc", ...strict, "--module", "commonjs", "--moduleResolution", "node10", "index.ts"], { cwd: folder });
  });

  const both =
    "two clusters of one program come up on Node 24, one with the program's provider and an output among its arguments, and run jobs";
  life.step(both, installed, async (stack) => {
    for (const version of ["22", "24"] as const) {
      expect(await ok("node", ["--version"], await withNode(stack, version))).toMatch(new RegExp(`^v${version}\\.`));
    }
    await must(stack, "stack", "init", stackName);
    await must(stack, "preview");
    await must(stack, "up", "--yes", "--skip-preview");
    for (const [name, heap] of Object.entries({ birds: "512m", fish: "500m" })) {
      const container = `spark-cluster-${clusterOf(name)}-jupyterlab`;
      expect(await stack.askInside(container, "python3", "-c", job)).toContain(`${heap} 499500 spark://spark-master:7077`);
    }
    const labs = JSON.parse(await must(stack, "stack", "output", "--json", "--show-secrets", "labs")) as string[];
    for (const lab of labs) {
      expect((await fetch(lab)).status).toBe(200);
    }
  });

  life.step(
    "the next up of that program has nothing to do, and an output with a wrong value changes no container",
    both,
    async (stack) => {
      await must(stack, "up", "--yes", "--skip-preview", "--expect-no-changes");
      write("12k");
      const { code, output } = await stack.pulumiWith(await withNode(stack, "24"), "up", "--yes", "--skip-preview");
      expect(code).not.toBe(0);
      expect(output).toMatch(
        /error: 1 problem in the arguments of SparkCluster "fish"; no container was changed\.\s+executorMemory: /,
      );
      write("500m");
      await must(stack, "preview", "--expect-no-changes");
    },
  );

  life.step("destroy of that program keeps the notebooks and nothing else", both, async (stack) => {
    await must(stack, "destroy", "--yes", "--skip-preview");
    for (const name of ["birds", "fish"]) {
      expect(await stack.listed("ps --all", clusterOf(name))).toEqual([]);
      const volumes = await stack.listed("volume ls", clusterOf(name));
      const kept = ["jupyterlab-home", "workspace"].map((part) => `spark-cluster-${clusterOf(name)}-${part}`);
      expect(volumes.sort()).toEqual(kept);
    }
  });

  const named =
    "a program that only names the component, as one in YAML or Python does, has it from the package's plugin, also on Node 22";
  life.step(named, installed, async (stack) => {
    const cwd = join(folder, "wrens");
    mkdirSync(cwd);
    writeFileSync(join(cwd, "Pulumi.yaml"), remoteProject);
    writeFileSync(join(cwd, "package.json"), '{ "private": true, "main": "index.js" }');
    writeFileSync(join(cwd, "index.js"), remote(ports, "512m"));
    const options = await withNode(stack, "22", cwd);
    await stack.mustPulumi(options, "stack", "init", stackName);
    await stack.mustPulumi(options, "up", "--yes", "--skip-preview");
    const lab = JSON.parse(await stack.mustPulumi(options, "stack", "output", "--json", "--show-secrets", "lab")) as string;
    expect((await fetch(lab)).status).toBe(200);
    expect(existsSync(join(cwd, ".build"))).toBe(false); // the secrets of builds
    await stack.mustPulumi(options, "up", "--yes", "--skip-preview", "--expect-no-changes");
    writeFileSync(join(cwd, "index.js"), remote(ports, "12k"));
    const { code, output } = await stack.pulumiWith(options, "preview");
    expect(code).not.toBe(0);
    expect(output).toMatch(/1 problem in the arguments of SparkCluster "birds"; nothing was changed\.\s+executorMemory: /);
    await stack.mustPulumi(options, "destroy", "--yes", "--skip-preview");
    expect(await stack.listed("ps --all", `wrens-${stackName}-birds`)).toEqual([]);
  });
}
