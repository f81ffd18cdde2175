import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { changesOf, containersChangedBy } from "../helpers/changes";
import { expectJob } from "../helpers/job";
import { asFirstVersion } from "../helpers/firstVersion";
import { foreignSalt } from "../helpers/foreignSalt";
import { Life } from "../helpers/life";

/** On a cluster of one worker. */
export function moreWorkers(life: Life): void {
  life.step("another worker is one more container, and a job runs on it", async (stack) => {
    await stack.set("workers", "2");
    const { containers } = await containersChangedBy(stack, () => stack.quickUp());
    expect(containers).toEqual(["worker-2"]);
    await expectJob(stack);
  });
}

/** Takes all workers but one away. */
export function fewerWorkers(life: Life): void {
  life.step("fewer workers: the others are taken away with their disks, and nothing else changes", async (stack) => {
    const gone = (await stack.outputs()).workers.length > 2 ? ["worker-2", "worker-3"] : ["worker-2"];
    await stack.set("workers", "1");
    const { containers } = await containersChangedBy(stack, () => stack.quickUp());
    expect(containers).toEqual(gone);
    const volumes = (await stack.listed("volume ls")).join();
    expect(volumes).toContain("worker-1-local");
    expect(volumes).not.toMatch(/worker-[23]-local/);
  });
}

/** On a cluster of at least two workers. */
export function destroyedWorker(life: Life): void {
  life.step(
    "pulumi destroy of a worker, and of its files, takes nothing else; the next up brings them back, and the name of a renamed container",
    async (stack) => {
      const destroyed = (resource: string) =>
        stack.pulumi("destroy", "--yes", "--target", `**::${resource}`, "--target-dependents");
      const afterwards = async () => {
        await stack.ask("rename", stack.nameOf("worker-1"), `${stack.nameOf("worker-1")}-renamed`);
        return stack.pulumi("up", "--yes", "--skip-preview"); // with a refresh
      };
      const changes = [() => destroyed("spark-worker-2"), () => destroyed("spark-daemon-config-volume"), afterwards];
      const expected = [["worker-2"], [], ["worker-1", "worker-2"]];
      for (const [index, change] of changes.entries()) {
        const { containers } = await containersChangedBy(stack, change);
        expect(containers).toEqual(expected[index]);
      }
    },
  );
}

/** Before the stack has secrets in its file: with those, another passphrase is refused. */
export function nothingNew(life: Life): void {
  life.step("a wrong passphrase is refused, and changes nothing", async (stack) => {
    const before = readFileSync(stack.file, "utf8");
    const { code, output } = await stack.make("up", { env: { PULUMI_CONFIG_PASSPHRASE: "wrong" } });
    expect({ code, output }).toEqual({ code: 2, output: expect.stringContaining("The passphrase is not the one") as string });
    expect(readFileSync(stack.file, "utf8")).toBe(before);
  });

  life.step("pulumi stack change-secrets-provider gives another passphrase, and the next up replaces nothing", async (stack) => {
    const before = await stack.outputs();
    const input = "another\nanother\n";
    await stack.mustPulumi({ input }, "stack", "change-secrets-provider", "passphrase");
    writeFileSync(join(stack.stateFolder, "passphrase"), "another");
    const { containers, images } = await changesOf(stack, () => stack.quickUp());
    expect({ containers, images }).toEqual({ containers: [], images: [] });
    expect((await stack.outputs()).jupyterlab).toBe(before.jupyterlab);
  });

  life.step(
    "an up starts a stopped worker again and replaces nothing, also with the salt of another passphrase and a state of the first version",
    async (stack) => {
      const before = await stack.outputs();
      await stack.ask("stop", stack.nameOf("worker-1"));
      await asFirstVersion(stack);
      expect(await stack.pulumi("preview", "--refresh")).not.toContain("replace");
      replaceIn(stack.file, /^encryptionsalt:.*$/m, `encryptionsalt: ${foreignSalt}`);
      const { output, containers, images } = await changesOf(stack, () => stack.up());
      expect(output).toContain("belongs to another passphrase");
      expect(output).toContain("A job ran on all 1 workers and gave the right answer.");
      expect({ containers, images }).toEqual({ containers: [], images: [] });
      expect((await stack.outputs()).jupyterlab).toBe(before.jupyterlab);
    },
  );
}

/** What holds for the next session alone. {@link removedImage} looks whether it is left to do. */
export function sessionProperties(life: Life): void {
  life.step(
    "executorMemory and sparkProperties replace nothing, also by a saved plan, and the next session has them",
    async (stack) => {
      await stack.setAll(
        { executorMemory: "600m", 'sparkProperties["spark.sql.shuffle.partitions"]': "7" },
        { 'sparkProperties["spark.hadoop.test.secret.key"]': "back\\slash = ünïcode" },
      );
      const { containers, images } = await changesOf(stack, async () => {
        const plan = join(stack.stateFolder, "plan.json");
        await stack.pulumi("preview", "--save-plan", plan);
        return stack.pulumi("up", "--yes", "--skip-preview", "--refresh=false", "--plan", plan);
      });
      expect({ containers, images }).toEqual({ containers: [], images: [] });
      const output = await stack.python(`
from pyspark.sql import SparkSession
conf = SparkSession.builder.getOrCreate().conf
print(*(conf.get(key) for key in ("spark.executor.memory", "spark.sql.shuffle.partitions", "spark.hadoop.test.secret.key")))
`);
      expect(output).toContain("600m 7 back\\slash = ünïcode");
      expect(await stack.pulumi("stack", "export")).not.toContain("slash = ");
    },
  );
}

function replaceIn(file: string, text: string | RegExp, by: string): void {
  const before = readFileSync(file, "utf8");
  expect(before).toMatch(text);
  writeFileSync(file, before.replace(text, by));
}
