import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { temporaryFolder, write } from "../helpers/folders";

const summary = join(__dirname, "../../report/summary.mjs");

/** Prints the summary of a run in which one test of a file had this status. */
function summaryOf(...statuses: readonly string[]) {
  const lines = statuses.map((status, index) => {
    const why = status === "failed" ? "Error: it broke\n    at somewhere" : 'NotRun: not run: "test 0" failed';
    return { kind: "test", suite: "core", file: "core/life.test.ts", name: `test ${index}`, status, seconds: index, why };
  });
  const whole = { kind: "file", suite: "core", file: "core/life.test.ts", seconds: 12 };
  const file = join(temporaryFolder(), "results");
  write(file, [...lines, whole].map((line) => `${JSON.stringify(line)}\n`).join(""));
  const { status, stdout } = spawnSync("node", [summary, file], { encoding: "utf8" });
  return { status, stdout };
}

test("a run whose tests all passed ends with 0, and with how many there were", () => {
  const { status, stdout } = summaryOf("passed", "passed");
  expect(status).toBe(0);
  expect(stdout).toMatch(/12 s {2}core\/life\.test\.ts +2 passed\n/);
  expect(stdout).toMatch(/\n2 passed, 0 failed\n$/);
});

test("a failure and a test that was not run for it are told apart, and end the run with 1", () => {
  const { status, stdout } = summaryOf("failed", "not run");
  expect(status).toBe(1);
  expect(stdout).toContain("core/life.test.ts: test 0\n    Error: it broke\n");
  expect(stdout).toContain('core/life.test.ts: test 1\n    not run: "test 0" failed\n');
  expect(stdout).toMatch(/1 failed, 1 not run\n[^]*\n0 passed, 2 failed\n$/);
});

test("a run without a test ends with 1", () => {
  expect(summaryOf().status).toBe(1);
});
