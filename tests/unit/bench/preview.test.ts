import { execFileSync } from "node:child_process";
import { join } from "node:path";

test("the program runs as bench runs it, compiled by tsx, whose modules the SDK has to be able to write down", () => {
  const project = join(__dirname, "../../..");
  const output = execFileSync("node", ["--import", "tsx", "bench/preview/preview.ts", "2"], { cwd: project, encoding: "utf8" });
  const { resources } = JSON.parse(output) as { resources: number };
  expect(resources).toBeGreaterThan(20);
});
