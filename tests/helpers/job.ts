import { readFileSync } from "node:fs";
import { join } from "node:path";

import { TestStack } from "../../testbed/testStack";

const job = readFileSync(join(__dirname, "../../tools/stack/smoke_job.py"), "utf8");

/** Runs the job that `make up` runs, without an up. Fails unless it ran on all workers and gave the right answer. */
export async function expectJob(stack: TestStack): Promise<void> {
  const { workers } = await stack.outputs();
  const answer = await stack.python(`import sys\nsys.argv[1:] = ${JSON.stringify(workers)}\n${job}`);
  expect(JSON.parse(answer)).toEqual({ workers: [...workers].sort(), sum: 4_999_950_000, expected: 4_999_950_000 });
}
