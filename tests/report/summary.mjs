// summary.mjs FILE: prints what the lines of a run say, as reporter.mjs writes them: the seconds of each suite and of the ten
// slowest tests, the tests that were not run, each failure with its reason, and "N passed, N failed". Ends with 1 unless all passed.
import { readFileSync } from "node:fs";

const lines = readFileSync(process.argv[2], "utf8")
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line));
const tests = lines.filter(({ kind }) => kind === "test");
const withStatus = (status) => tests.filter((test) => test.status === status);
const [failed, notRun] = [withStatus("failed"), withStatus("not run")];
const seconds = (number) => `${number.toFixed(number < 10 ? 1 : 0).padStart(6)} s`;

/** The lines of an error that say most: how it begins, and how it ends, because a command's last output is there. */
function reasons({ why = "" }) {
  const said = why.split("\n").filter((line) => !/^ *(at .*)?$/.test(line));
  return said.length <= 24 ? said : [...said.slice(0, 8), "...", ...said.slice(-15)];
}

/** Files of a cluster are suites of their own; those of the unit tests are one. */
function suites() {
  const sums = new Map();
  for (const line of lines) {
    const name = line.suite === line.file || line.suite === "unit" ? line.suite : line.file;
    const sum = sums.get(name) ?? { name, passed: 0, failed: 0, "not run": 0, seconds: 0 };
    sums.set(name, sum);
    if (line.kind === "test") {
      sum[line.status]++;
    } else if (line.kind === "suite" || name !== "unit") {
      sum.seconds += line.seconds;
    }
  }
  return [...sums.values()];
}

console.log("\nSeconds of each suite:");
for (const suite of suites()) {
  // A suite without a count has its tests in the files above it, or none.
  const counts = ["passed", "failed", "not run"]
    .filter((status) => suite[status] > 0)
    .map((status) => `${suite[status]} ${status}`);
  console.log(`  ${seconds(suite.seconds)}  ${suite.name.padEnd(34)} ${counts.join(", ")}`.trimEnd());
}
console.log("\nThe ten slowest tests:");
const slowest = tests.toSorted((one, other) => other.seconds - one.seconds).slice(0, 10);
slowest.forEach(({ seconds: took, file, name }) => console.log(`  ${seconds(took)}  ${file}: ${name}`));
// The last lines are what everybody sees.
for (const { file, name, why } of notRun) {
  console.log(`\nnot run: ${file}: ${name}\n    ${why.replace("NotRun: ", "")}`);
}
for (const test of failed) {
  console.log(`\nfailed: ${test.file}: ${test.name}`);
  reasons(test).forEach((line) => console.log(`    ${line.slice(0, 300)}`));
}
console.log(`\n${withStatus("passed").length} passed, ${failed.length + notRun.length} failed`);
process.exitCode = failed.length + notRun.length === 0 && tests.length > 0 ? 0 : 1;
