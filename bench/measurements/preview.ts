import { join } from "node:path";

import { ok } from "../../testbed/run";
import { Measurement } from "../harness/measurement";
import { lineThrough } from "../harness/statistics";

const project = join(__dirname, "../..");
const script = join(project, "bench/preview/preview.ts");

interface Printed {
  readonly seconds: number;
  readonly resources: number;
  readonly megabytes: number;
}

async function previewOf(workers: number): Promise<Printed & { readonly workers: number }> {
  const output = await ok("node", ["--import", "tsx", script, String(workers)], { cwd: project, timeout: 300 });
  return { workers, ...(JSON.parse(output.trim().split("\n").at(-1) ?? "") as Printed) };
}

/** The program without an engine and without the CLI, in a new process for each size. */
export const preview: Measurement = {
  name: "preview",
  what: "preview of 1,000 workers, the program alone",
  against: "",
  unit: "s",
  targets: [{ of: "ours", atMost: 10 }],
  pairs: 3,
  patience: 1200,
  setup: () =>
    Promise.resolve({
      ours: async () => {
        const sizes = [await previewOf(100), await previewOf(300), await previewOf(1000)];
        const figures = sizes.flatMap(({ workers, seconds, megabytes }) => [
          [`s for ${workers}`, seconds] as const,
          [`MB for ${workers}`, megabytes] as const,
        ]);
        const line = lineThrough(sizes.map(({ workers, megabytes }) => [workers, megabytes]));
        const beside = { ...Object.fromEntries(figures), "straightness of the MB": line.straightness };
        return { value: sizes.at(-1)?.seconds ?? NaN, beside, raw: sizes };
      },
    }),
};
