import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { declaredTests } from "./helpers/declaredTests";

const tests = join(__dirname, "..");
const page = readFileSync(join(tests, "README.md"), "utf8");

/** Rows of the table of promises: `| promise | test | tier | targets |`. */
const rows = page
  .slice(page.indexOf("## Promises"))
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (Promise|-)/.test(line))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|")))
  .map(([, promise = "", test = "", tier = "", targets = ""]) => ({ promise, test: test.replace(/^`|`$/g, ""), tier, targets }));

const ofClusters = rows.filter(({ tier }) => tier !== "unit");
const ofUnits = rows.filter(({ tier }) => tier === "unit");

/** A cell that ends with `*` stands for all tests that begin so. */
const isMeant = (cell: string, name: string) => (cell.endsWith("*") ? name.startsWith(cell.slice(0, -1)) : name === cell);

const declared = declaredTests();

test("every test of a cluster is in the table of promises, and every test in the table exists", () => {
  const names = [...new Set(declared.map(({ name }) => name))];
  expect(names.length).toBeGreaterThan(100);
  expect(names.filter((name) => !ofClusters.some(({ test }) => isMeant(test, name)))).toEqual([]);
  expect(ofClusters.filter(({ test }) => !names.some((name) => isMeant(test, name))).map(({ test }) => test)).toEqual([]);
});

test("the table's tiers and targets are those that the tests have", () => {
  const found = ofClusters.map(({ test }) => {
    const meant = declared.filter(({ name }) => isMeant(test, name));
    const targets = [...new Set(meant.map(({ target }) => target))].sort().join(", ");
    return { test, tier: meant.some(({ tier }) => tier === "test") ? "test" : "test-all", targets };
  });
  expect(ofClusters.map(({ test, tier, targets }) => ({ test, tier, targets }))).toEqual(found);
});

test("every unit test in the table exists", () => {
  const missing = ofUnits.filter(({ test }) => {
    const [file = "", name = ""] = test.split(": ");
    return !existsSync(join(tests, file)) || !readFileSync(join(tests, file), "utf8").includes(name);
  });
  expect(missing.map(({ test }) => test)).toEqual([]);
});

test("the pages that the table links to exist", () => {
  const links = [...page.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)]
    .map(([, link]) => link ?? "")
    .filter((link) => !link.includes("://"));
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter((link) => !existsSync(join(tests, link)))).toEqual([]);
});
