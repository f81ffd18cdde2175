import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { once } from "./helpers/testedEngine";
import { TestStack } from "./helpers/testStack";

/** The containers that are others than before, by name; gone ones included. */
function changed(before: Record<string, string>, after: Record<string, string>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => before[name] !== after[name]).sort();
}

describe("a change of the configuration, or of a file, touches what it concerns", () => {
  let stack: TestStack;

  /** Runs an up, `make`'s or a bare one, and tells which containers and images are others than before. */
  async function upAndCompare(
    up: () => Promise<string> = () => stack.bareUp(),
  ): Promise<{ output: string; containers: string[]; images: string[] }> {
    const [before, imagesBefore] = [await stack.ids(), await imageIds()];
    const output = await up();
    const [after, imagesAfter] = [await stack.ids(), await imageIds()];
    return { output, containers: changed(before, after), images: changed(imagesBefore, imagesAfter) };
  }

  const file = () => `Pulumi.${stack.name}.yaml`;

  async function imageIds(): Promise<Record<string, string>> {
    const exported = JSON.parse(await stack.pulumi("stack", "export")) as {
      deployment: { resources: { type: string; urn: string; outputs?: { imageId?: string } }[] };
    };
    const images = exported.deployment.resources.filter((resource) => resource.type === "docker:index/remoteImage:RemoteImage");
    return Object.fromEntries(images.map((image) => [image.urn.replace(/.*spark-image-/, ""), image.outputs?.imageId ?? ""]));
  }

  beforeAll(async () => {
    stack = await TestStack.make({ config: { workerMemory: "1200m" } });
    // As a file that everybody shares: git knows it, without anybody's salt.
    appendFileSync(join(stack.folder, ".gitignore"), `!/${file()}\n`);
    await stack.git("add", ".gitignore", file());
    await stack.git("commit", "--quiet", "--message", "an environment of the test's");
    await stack.up();
  });

  afterAll(() => TestStack.destroyAll());

  test("make up leaves git clean, and make status is content", async () => {
    const { output } = await stack.make("status");
    expect(output).toContain("The master is ALIVE: 2 workers");
    expect(await stack.git("status", "--porcelain")).toBe("");
    expect(readFileSync(join(stack.folder, file()), "utf8")).toContain("encryptionsalt");
    expect(await stack.git("show", `HEAD:${file()}`)).not.toContain("encryptionsalt");
  });

  test("up with nothing new touches nothing and still runs a job, also where the file has a salt of another passphrase", async () => {
    const { output, containers, images } = await upAndCompare(() => {
      const salt = "encryptionsalt: v1:RUyABtajkvQ=:v1:13n9235YTp6qQpz9:ZnwULaGBuYRPdw6i13PSJvcyN4hpIw==";
      const path = join(stack.folder, file());
      writeFileSync(path, readFileSync(path, "utf8").replace(/^encryptionsalt:.*$/m, salt));
      return stack.up();
    });
    expect(output).toContain("belongs to another passphrase");
    expect(output).toContain("A job ran on all 2 workers and gave the right answer.");
    expect({ containers, images }).toEqual({ containers: [], images: [] });
  });

  test("workers 2 -> 3 makes one container", async () => {
    await stack.set("workers", "3");
    const { output, containers } = await upAndCompare(() => stack.up());
    expect(output).toContain("A job ran on all 3 workers");
    expect(containers).toEqual(["worker-3"]);
  });

  test("workers 3 -> 1 takes two away, and their disks", async () => {
    await stack.set("workers", "1");
    const { containers } = await upAndCompare();
    expect(containers).toEqual(["worker-2", "worker-3"]);
    const volumes = await stack.ask("volume", "ls", "--quiet", "--filter", `label=spark-cluster.stack=${stack.name}`);
    expect(volumes).toContain("worker-1-local");
    expect(volumes).not.toMatch(/worker-[23]-local/);
  });

  once(() => {
    test("executor memory and sparkProperties touch no image, no worker and no notebook, and hold for the next session", async () => {
      await stack.setAll(
        { executorMemory: "600m", 'sparkProperties["spark.sql.shuffle.partitions"]': "7" },
        { 'sparkProperties["spark.hadoop.test.secret.key"]': "back\\slash = ünïcode" },
      );
      const { containers, images } = await upAndCompare();
      expect({ containers, images }).toEqual({ containers: [], images: [] });
      const output = await stack.python(`
from pyspark.sql import SparkSession
conf = SparkSession.builder.getOrCreate().conf
print(*(conf.get(key) for key in ("spark.executor.memory", "spark.sql.shuffle.partitions", "spark.hadoop.test.secret.key")))
`);
      expect(output).toContain("600m 7 back\\slash = ünïcode");
      expect(await stack.pulumi("stack", "export")).not.toContain("slash = ");
      expect(await stack.pendingChanges()).toBe("");
    });
  });

  test("an edit in images/jupyterlab makes that image and that container anew", async () => {
    appendFileSync(join(stack.folder, "images/jupyterlab/jupyter_server_config.py"), "# edited by a test\n");
    const { containers, images } = await upAndCompare();
    expect({ containers, images }).toEqual({ containers: ["jupyterlab"], images: ["jupyterlab"] });
  });

  test("an image removed by hand comes back", async () => {
    const { jupyterlab } = await imageIds();
    await stack.ask("rm", "--force", `spark-cluster-${stack.name}-jupyterlab`);
    await stack.ask("rmi", "--force", jupyterlab!);
    await stack.bareUp();
    expect((await imageIds()).jupyterlab).toContain((await stack.containers()).jupyterlab!.Image);
    expect(await stack.pendingChanges()).toBe("");
  });

  test("a container that was stopped by hand comes back, and an edit of the secrets' own code leaves them as they are", async () => {
    const before = await stack.outputs();
    await stack.ask("stop", `spark-cluster-${stack.name}-worker-1`);
    const source = join(stack.folder, "components/generatedSecret.ts");
    writeFileSync(source, readFileSync(source, "utf8").replace("randomBytes(32)", "randomBytes(16)"));
    const { output, containers } = await upAndCompare(() => stack.up());
    expect(output).toContain("A job ran on all 1 workers");
    expect(containers).toEqual([]);
    expect((await stack.outputs()).jupyterlab).toBe(before.jupyterlab);
    await stack.git("checkout", "--", "components/generatedSecret.ts");
  });

  once(() => {
    test("another token generation makes another token, and the secret stays", async () => {
      const before = await stack.outputs();
      await stack.set("tokenGeneration", "2");
      const { containers } = await upAndCompare();
      expect(containers).toEqual(["jupyterlab"]);
      const { jupyterlab } = await stack.outputs();
      expect(jupyterlab).not.toBe(before.jupyterlab);
      expect((await fetch(jupyterlab)).status).toBe(200);
    });

    test("the checkout moved to another folder changes nothing", async () => {
      await stack.moveCheckout();
      expect(await stack.pendingChanges()).toBe("");
    });

    test("wrong values are all told at once by a preview, and nothing is touched", async () => {
      const before = await stack.ids();
      await stack.set("workers", "0");
      await stack.set("executorMemory", "1.5g");
      await stack.set("workerz", "2");
      const { code, output } = await stack.tryPulumi("preview");
      expect(code).not.toBe(0);
      expect(output).toContain("3 problems");
      expect(output).toContain("pulumi config set executorMemory 1536m");
      expect(output).toContain("the nearest is workers");
      await stack.set("workers", "10000");
      await stack.pulumi("config", "rm", "workerz");
      await stack.set("executorMemory", "600m");
      const tooLarge = await stack.tryPulumi("preview");
      expect(tooLarge.output).toMatch(/may take at most the engine's \d+[mg]/);
      expect(changed(before, await stack.ids())).toEqual([]);
      await stack.set("workers", "1");
    });
  });
});
