import { Machine } from "./machine";
import { Outcome } from "./measurement";
import { tableOf } from "./table";

const [begin, end] = ["<!-- measured: make bench -->\n", "<!-- end of what was measured -->"];

/** The figures of the last runs, kept as JSON in bench/results/. */
export interface Figures {
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly outcomes: readonly Outcome[];
}

/** The last figures, with the outcomes of a run replaced; figures of another machine are dropped. */
export function merged(last: Figures | undefined, run: Figures, order: readonly string[]): Figures {
  const kept = JSON.stringify(last?.machine) === JSON.stringify(run.machine) ? (last?.outcomes ?? []) : [];
  const byName = new Map([...kept, ...run.outcomes].map((outcome) => [outcome.name, outcome]));
  return { ...run, outcomes: order.flatMap((name) => byName.get(name) ?? []) };
}

/** The page with a new table between its two markers. @throws if it has no markers. */
export function withTable(page: string, figures: Figures): string {
  const [before, rest] = page.split(begin);
  if (before === undefined || rest?.includes(end) !== true) {
    throw new Error("the page has no place for the table");
  }
  return `${before}${begin}\n${surroundings(figures)}\n\n${tableOf(figures.outcomes)}\n${rest.slice(rest.indexOf(end))}`;
}

/** The machine, the versions and the commits, in a sentence each. */
function surroundings({ machine, versions, outcomes }: Figures): string {
  const dates = [...new Set(outcomes.map(({ date }) => date.slice(0, 10)))].sort();
  const commits = [...new Set(outcomes.map(({ commit }) => commit))];
  return [
    `${machine.processor}, ${machine.cores} cores, ${machine.memory} GiB, Linux ${machine.kernel}.`,
    `${Object.entries(versions)
      .map(([program, version]) => `${program} ${version}`)
      .join(", ")}.`,
    `Measured ${dates.join(", ")} at ${commits.join(", ")}.`,
    "Medians, with the least and the most in parentheses.",
  ].join(" ");
}
