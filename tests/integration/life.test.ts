import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { endGroup, Result, run, RunOptions } from "./helpers/run";
import { once } from "./helpers/testedEngine";
import { TestStack } from "./helpers/testStack";

describe("the life of a cluster", () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await TestStack.make({ config: { workers: "1" } });
  });

  afterAll(() => TestStack.destroyAll());

  /** Starts a command and kills it, plugins excepted, once something holds. */
  async function killedWhen(holds: () => Promise<boolean>, start: (options: RunOptions) => Promise<Result>): Promise<void> {
    let group: number | undefined;
    let ended: string | undefined;
    const killed = start({ onStart: (pid) => (group = pid) }).then(({ output }) => (ended = output));
    const deadline = Date.now() + 600_000;
    let held = await holds();
    while (!held && Date.now() < deadline) {
      if (ended !== undefined) {
        throw new Error(`it ended before it could be killed:\n${ended.slice(-6000)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
      held = await holds();
    }
    // The whole group, as when a terminal is closed by force: make, the scripts, the CLI.
    endGroup(group);
    await killed;
    expect(held).toBe(true);
  }

  /** Only counted: one that is looked at while it is replaced is gone when it is asked for. */
  const containersAre = (count: number) => async () => (await stack.containerCount()) >= count;
  const makeUp = (options: RunOptions) => stack.make("up", options);

  const files = ["/opt/workspace/before.txt", "/home/spark/before.txt"];

  /** Leaves a file on each volume that holds what people made. */
  const leaveFiles = () => stack.python(`for file in ${JSON.stringify(files)}: open(file, "w").write("there before")`);
  const readFiles = () => stack.python(`print([open(file).read() for file in ${JSON.stringify(files)}])`);

  test("an up that was killed between its images is finished by the next", async () => {
    appendFileSync(join(stack.folder, "images/spark-worker/Dockerfile"), "RUN sleep 29.5\n");
    const building = async () => (await run("pgrep", ["--full", "--exact", "sleep 29.5"])).code === 0;
    await killedWhen(building, makeUp);
    await stack.git("checkout", "--", "images/spark-worker/Dockerfile");
    await killedWhen(containersAre(2), makeUp);
  });

  test("an up that was killed among its containers is finished by the next", async () => {
    await stack.up();
    expect(Object.keys(await stack.ids()).sort()).toEqual(["history-server", "jupyterlab", "master", "worker-1"]);
    expect(await stack.pendingChanges()).toBe("");
  });

  once(() => {
    test("an up that was killed while it scaled is finished by the next, and no volume is touched", async () => {
      await leaveFiles();
      await stack.set("workers", "2");
      await killedWhen(containersAre(5), makeUp);
      const output = await stack.up();
      expect(output).toContain("A job ran on all 2 workers");
      expect(await stack.pendingChanges()).toBe("");
      expect(await readFiles()).toBe("['there before', 'there before']\n");
    });

    test("a bare pulumi up that was killed is finished by make sweep and the next", async () => {
      await stack.set("workers", "3");
      await killedWhen(containersAre(6), (options) => stack.pulumiWith(options, "up", "--yes", "--skip-preview"));
      await stack.must("sweep");
      await stack.bareUp();
      expect(await stack.pendingChanges()).toBe("");
      expect(await stack.containerCount()).toBe(6);
      expect(await readFiles()).toBe("['there before', 'there before']\n");
      await stack.set("workers", "1");
      await stack.bareUp();
    });
  });

  test("a failed build shows what the step wrote last, and leaves the cluster as it was", async () => {
    const before = await stack.ids();
    appendFileSync(join(stack.folder, "images/spark-worker/Dockerfile"), "RUN echo the reason of it && false\n");
    const { code, output } = await stack.make("up");
    expect(code).not.toBe(0);
    expect(output).toMatch(/build of .*images\/spark-worker\/Dockerfile.* wrote last/);
    expect(output).toMatch(/the reason of it$/m);
    expect(await stack.ids()).toEqual(before);
    await stack.git("checkout", "--", "images/spark-worker/Dockerfile");
    await stack.bareUp();
  });

  test("a failed start shows what the container wrote last, and fails again until it is mended", async () => {
    const script = join(stack.folder, "images/spark-worker/spark-worker");
    writeFileSync(script, "#!/bin/sh\necho the worker cannot >&2\nsleep 1\nexit 7\n");
    for (const time of ["first", "second"]) {
      const { code, output } = await stack.make("up");
      expect({ time, failed: code !== 0, told: output.includes("the worker cannot") }).toEqual({
        time,
        failed: true,
        told: true,
      });
    }
    await stack.git("checkout", "--", "images/spark-worker/spark-worker");
    expect(await stack.up()).toContain("A job ran on all 1 workers");
  });

  once(() => {
    test("a port that is taken is told before anything starts, with its key and holder", async () => {
      const { createServer } = await import("node:net");
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as { port: number };
      const before = await stack.pulumi("config", "get", "--path", "ports.sparkUi");
      await stack.pulumi("config", "set", "--path", "ports.sparkUi", String(port));
      const { code, output } = await stack.tryPulumi("preview");
      await new Promise((resolve) => server.close(resolve));
      expect(code).not.toBe(0);
      expect(output).toContain(`ports.sparkUi: ${port}`);
      expect(output).toContain(`held by process ${process.pid} (`);
      await stack.pulumi("config", "set", "--path", "ports.sparkUi", before.trim());
    });
  });

  test("down leaves no container and no network, and the next up finds the data", async () => {
    await stack.python(
      "import pathlib\npathlib.Path('/opt/workspace/kept.txt').write_text('kept')\npathlib.Path('/home/spark/mine.txt').write_text('mine')",
    );
    await stack.must("down");
    expect(await stack.ids()).toEqual({});
    expect(await stack.ask("network", "ls", "--quiet", "--filter", `label=spark-cluster.stack=${stack.name}`)).toBe("");
    await stack.bareUp();
    const output = await stack.python("print(open('/opt/workspace/kept.txt').read(), open('/home/spark/mine.txt').read())");
    expect(output.trim()).toBe("kept mine");
    expect(await stack.pendingChanges()).toBe("");
  });

  test("purge deletes the data, and only after it was asked", async () => {
    expect((await stack.make("purge", { env: { YES: "1" } })).output).toContain("make down first");
    await stack.must("down");
    const refused = await stack.make("purge", { input: "no\n" });
    expect({ failed: refused.code !== 0, output: refused.output }).toEqual({
      failed: true,
      output: expect.stringContaining("Nothing was deleted.") as string,
    });
    await stack.must("purge", { env: { YES: "1" } });
    expect(await stack.ask("volume", "ls", "--quiet", "--filter", `label=spark-cluster.stack=${stack.name}`)).toBe("");
  });

  test("no process of a killed run is left", () => {
    // Those that were started in this checkout: the other engine's tests kill runs of their own.
    const pids = spawnSync("pgrep", ["--full", "pulumi-(resource|language)-"], { encoding: "utf8" }).stdout.split("\n");
    const ours = pids.filter((pid) => existsSync(`/proc/${pid}/cwd`) && readlinkSync(`/proc/${pid}/cwd`) === stack.folder);
    expect(ours).toEqual([]);
  });
});
