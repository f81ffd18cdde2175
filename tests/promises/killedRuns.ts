import { appendFileSync, existsSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

import { endGroup, Result, run, RunOptions } from "../../testbed/run";
import { TestStack } from "../../testbed/testStack";
import { containersChangedBy } from "../helpers/changes";
import { changedFiles, noteFiles } from "../helpers/ends";
import { Life } from "../helpers/life";

/** Kills the first up of a cluster in the build of an image. {@link killedStart} is next, if `thenUp` brings no cluster up. */
export function killedBuild(life: Life, { thenUp = false } = {}): void {
  life.step("an up can be killed between its images", async (stack) => {
    appendFileSync(join(stack.folder, "images/spark-worker/Dockerfile"), "RUN sleep 29.5\n");
    const building = async () => (await run("pgrep", ["--full", "--exact", "sleep 29.5"])).code === 0;
    await killedWhen(building, (options) => stack.make("up", options), {
      meanwhile: async () => {
        for (const target of ["sweep", "prune-images"]) {
          const { code, output } = await stack.make(target);
          expect({ code, output }).toEqual({ code: 2, output: expect.stringContaining("Another run works on stack") as string });
        }
      },
    });
    await stack.git("checkout", "--", "images/spark-worker/Dockerfile");
    if (thenUp) {
      expect(await stack.must("up")).toContain("A job ran on all 1 workers");
    }
  });
}

/** Kills an up of a cluster that has no container yet. `make TARGET` brings it up then. */
export function killedStart(life: Life, target = "up"): void {
  life.step(
    "an up that was killed among its containers, and what was killed before it, is finished by the next",
    async (stack) => {
      // Everybody shares the stack's file: git has it, without a salt.
      await stack.git("add", "--force", stack.file);
      await stack.git("commit", "--quiet", "--message", "a stack of the test's");
      await killedWhen(containersAre(stack, 2), (options) => stack.make(target, options));
      expect(await stack.must(target)).toContain("A job ran on all 1 workers");
      expect(Object.keys(await stack.ids()).sort()).toEqual(["catalog", "history-server", "jupyterlab", "master", "worker-1"]);
      expect(await stack.pendingChanges()).toBe("");
    },
  );
}

/** Of a cluster of one worker that has just come up. */
export function cleanCheckout(life: Life): void {
  life.step("make up leaves git clean, and make status reports the workers", async (stack) => {
    expect(await stack.must("status")).toContain("The master is ALIVE: 1 workers");
    expect(await stack.git("status", "--porcelain")).toBe("");
    expect(readFileSync(stack.file, "utf8")).toContain("encryptionsalt");
    expect(await stack.git("show", `HEAD:Pulumi.${stack.name}.yaml`)).not.toContain("encryptionsalt");
  });
}

/** Kills two ups that add a worker each, on a cluster of one worker. */
export function killedScaling(life: Life): void {
  const bare = "a bare pulumi up that was killed is finished by make sweep and the next";
  life.step(bare, async (stack) => {
    await noteFiles(stack);
    const { containers } = await containersChangedBy(stack, async () => {
      await stack.set("workers", "2");
      await killedWhen(await oneMore(stack), (options) => stack.pulumiWith(options, "up", "--yes", "--skip-preview"));
      await stack.must("sweep");
      return stack.bareUp();
    });
    expect(containers).toEqual(["worker-2"]);
    expect(await stack.pendingChanges()).toBe("");
  });

  life.step(
    "a make up that Ctrl-C ended while it scaled is finished by the next, and no volume is touched",
    bare,
    async (stack) => {
      const { output, containers } = await containersChangedBy(stack, async () => {
        await stack.set("workers", "3");
        await killedWhen(await oneMore(stack), (options) => stack.make("up", options), { signal: "SIGINT" });
        return stack.up();
      });
      expect(output).toContain("A job ran on all 3 workers");
      expect(containers).toEqual(["worker-3"]);
      expect(await stack.pendingChanges()).toBe("");
      expect(await changedFiles(stack)).toBe("");
    },
  );
}

/** Only processes of the stack's checkout count: tests of other stacks kill runs as well. */
export function noProcessLeft(life: Life): void {
  life.step("no process of a killed run is left", async (stack) => {
    const pids = (await run("pgrep", ["--full", "pulumi-(resource|language)-"])).stdout.split("\n").filter(Boolean);
    const folders = pids.filter((pid) => existsSync(`/proc/${pid}/cwd`)).map((pid) => readlinkSync(`/proc/${pid}/cwd`));
    expect(folders).not.toContain(stack.folder);
  });
}

/** Containers are only counted: one that is replaced meanwhile is gone when it is inspected. */
const containersAre = (stack: TestStack, count: number) => async () => (await stack.containerCount()) >= count;

const oneMore = async (stack: TestStack) => containersAre(stack, (await stack.containerCount()) + 1);

/** Starts a command and ends it, plugins excepted, once something holds and something else was done. */
async function killedWhen(
  holds: () => Promise<boolean>,
  start: (options: RunOptions) => Promise<Result>,
  { meanwhile = async () => undefined, signal }: { meanwhile?: () => Promise<void>; signal?: "SIGINT" } = {},
): Promise<void> {
  let group: number | undefined;
  let ended: string | undefined;
  const killed = start({ onStart: (pid) => (group = pid) }).then(({ output }) => (ended = output));
  while (!(await holds())) {
    if (ended !== undefined) {
      throw new Error(`it ended before it could be killed:\n${ended.slice(-6000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await meanwhile().catch((error: unknown) => {
    endGroup(group);
    throw error;
  });
  // The whole group, as Ctrl-C does, or a terminal that is closed by force: make, the scripts, the CLI.
  endGroup(group, signal);
  await killed;
}
