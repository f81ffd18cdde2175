// Measures this cluster and its alternatives, and prints a table: run.ts [NAME ...] [--pairs N] [--write]. Without names, runs
// all. --write writes the table to docs/internals/performance.md and the raw figures to bench/results/; measurements that did not
// run keep their last figures.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { docker } from "../testbed/engines/here";
import { choose } from "./harness/choice";
import { writeFormatted } from "./harness/files";
import { commitOf, thisMachine, versions } from "./harness/machine";
import { Outcome } from "./harness/measurement";
import { Figures, merged, withTable } from "./harness/page";
import { measure } from "./harness/pairs";
import { Scratch, wordsOf } from "./harness/scratch";
import { cleanUpOnSignals } from "./harness/signals";
import { tableOf } from "./harness/table";
import { measurements } from "./measurements";

const project = join(__dirname, "..");
const page = join(project, "docs/internals/performance.md");
const rawFigures = join(project, "bench/results/performance.json");
const lastFigures = join(project, "node_modules/.cache/bench/last.json");

const say = (line: string) => process.stderr.write(`${line}\n`);

async function write(figures: Figures): Promise<void> {
  const last = existsSync(rawFigures) ? (JSON.parse(readFileSync(rawFigures, "utf8")) as Figures) : undefined;
  const order = measurements.map(({ name }) => name);
  const all = merged(last, figures, order);
  await writeFormatted({
    [rawFigures]: JSON.stringify(all, undefined, 2),
    [page]: withTable(readFileSync(page, "utf8"), all),
  });
}

async function main(): Promise<void> {
  const choice = choose(process.argv.slice(2), measurements);
  const scratch = new Scratch();
  const { signalled } = cleanUpOnSignals(scratch, say);
  const commit = await commitOf([page, rawFigures]);
  const outcomes: Outcome[] = [];
  for (const measurement of choice.measurements) {
    say(`${measurement.name}: ${measurement.what}`);
    const outcome = await measure(measurement, { commit, pairs: choice.pairs, say, scratch });
    if (signalled()) {
      return; // the cleanup ends the process
    }
    if (outcome.failure !== undefined) {
      say(`  failed: ${outcome.failure}`);
    }
    outcomes.push(outcome);
  }

  const figures: Figures = { machine: thisMachine(), versions: await versions(docker), outcomes };
  console.log(tableOf(outcomes));
  mkdirSync(dirname(lastFigures), { recursive: true });
  writeFileSync(lastFigures, JSON.stringify(figures, undefined, 2));
  say(`The raw figures: ${lastFigures}`);
  if (choice.write) {
    await write(figures);
  }
  process.exitCode = outcomes.some(({ failure }) => failure !== undefined) ? 1 : 0;
}

main().catch((error: unknown) => {
  console.error(wordsOf(error));
  process.exitCode = 1;
});
