import { appendFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

import { Life } from "../helpers/life";
import { refused } from "../helpers/refused";

/** The first of them may leave an edit to the second, whose last up takes it back. */
export function failedUps(life: Life): void {
  life.step("a failed build shows what its step printed last, and leaves the cluster as it was", async (stack) => {
    const before = await stack.ids();
    appendFileSync(join(stack.folder, "images/spark-worker/Dockerfile"), "RUN echo the reason of it && false\n");
    const { code, output } = await stack.make("up");
    expect(code).not.toBe(0);
    expect(output).toMatch(/build of .*images\/spark-worker\/Dockerfile.* wrote last/);
    expect(output).toMatch(/the reason of it$/m);
    expect(await stack.ids()).toEqual(before);
    await stack.git("checkout", "--", "images/spark-worker/Dockerfile");
  });

  life.step("a failed start shows what the container printed last, and fails again until it is fixed", async (stack) => {
    const script = join(stack.folder, "images/spark-worker/spark-worker");
    writeFileSync(script, "#!/bin/sh\necho the worker cannot >&2\nsleep 1\nexit 7\n");
    for (const time of ["first", "second"]) {
      const { code, output } = await stack.make("up");
      expect({ time, failed: code !== 0, shown: output.includes("the worker cannot") }).toEqual({
        time,
        failed: true,
        shown: true,
      });
    }
    await stack.git("checkout", "--", "images/spark-worker/spark-worker");
    expect(await stack.up()).toContain("A job ran on all 1 workers");
  });
}

/** Values that a preview refuses before it touches anything. */
export function refusedValues(life: Life): void {
  life.step("wrong values are all reported at once by a preview, and nothing is touched", async (stack) => {
    const output = await refused(stack, { workers: "0", executorMemory: "1.5g", workerz: "2" });
    expect(output).toContain("3 problems");
    expect(output).toContain("pulumi config set executorMemory 1536m");
    expect(output).toContain("the nearest is workers");
  });

  life.step(
    "a preview reports a taken port with its key and holder, and more workers than the engine has memory for",
    async (stack) => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as { port: number };
      const output = await refused(stack, { "ports.sparkUi": String(port), workers: "10000" }).finally(() => server.close());
      expect(output).toContain(`ports.sparkUi: ${port}`);
      expect(output).toContain(`held by process ${process.pid} (`);
      expect(output).toMatch(/may take at most the engine's \d+[mg]/);
    },
  );
}
