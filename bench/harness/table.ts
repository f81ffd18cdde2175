import { Outcome, Sample, Target, Unit } from "./measurement";
import { Spread, spreadOf } from "./statistics";

/** The outcomes as Markdown: a line each, then the other figures, then the failures. */
export function tableOf(outcomes: readonly Outcome[]): string {
  const parts = [
    rows(["What", "Against", "Ours", "Theirs", "Ours / theirs", "Reach", "Reached"], outcomes.map(lineOf)),
    rows(["Seen beside it", "Figure", "Ours", "Theirs"], outcomes.flatMap(linesBeside)),
    outcomes
      .flatMap(({ name, failure }) => (failure === undefined ? [] : [`- \`${name}\` failed: ${inline(failure)}`]))
      .join("\n"),
  ];
  return parts
    .filter((part) => part !== "")
    .map((part) => `${part}\n`)
    .join("\n");
}

function rows(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return lines.length === 0 ? "" : [row(head), row(head.map(() => "---")), ...lines.map(row)].join("\n");
}

function lineOf(outcome: Outcome): string[] {
  const { what, against, unit, ours, theirs, targets } = outcome;
  return [
    what,
    against,
    shownSpread(valuesOf(ours), unit),
    shownSpread(valuesOf(theirs), unit),
    shownSpread(ratiosOf(outcome)),
    targets.map((target) => shownTarget(target, unit)).join(", "),
    reached(outcome),
  ];
}

function linesBeside({ name, ours, theirs }: Outcome): string[][] {
  const figures = new Set([...ours, ...theirs].flatMap(({ beside }) => Object.keys(beside ?? {})));
  return [...figures].map((figure) => [
    `\`${name}\``,
    figure,
    shownSpread(besides(ours, figure)),
    shownSpread(besides(theirs, figure)),
  ]);
}

/** Whether every target is met; none is if a run failed. */
function reached(outcome: Outcome): string {
  if (outcome.failure !== undefined) {
    return "failed";
  }
  if (outcome.targets.length === 0) {
    return "";
  }
  return outcome.targets.every((target) => isReached(target, outcome)) ? "yes" : "no";
}

export function isReached(target: Target, outcome: Outcome): boolean {
  const figures = figuresOf(target, outcome);
  return figures.length > 0 && spreadOf(figures).median <= target.atMost;
}

function figuresOf({ of, beside }: Target, { ours, theirs }: Outcome): number[] {
  const [mine, other] = [ours, theirs].map((samples) => (beside === undefined ? valuesOf(samples) : besides(samples, beside)));
  switch (of) {
    case "ours":
      return mine ?? [];
    case "ratio":
      return ofPairs(mine, other, (one, two) => one / two);
    case "difference":
      return ofPairs(mine, other, (one, two) => one - two);
  }
}

function ofPairs(ours: number[] = [], theirs: number[] = [], join: (mine: number, other: number) => number): number[] {
  return ours.flatMap((mine, pair) => {
    const other = theirs[pair];
    return other === undefined ? [] : [join(mine, other)];
  });
}

function ratiosOf(outcome: Outcome): number[] {
  return figuresOf({ of: "ratio", atMost: 0 }, outcome);
}

function valuesOf(samples: readonly Sample[]): number[] {
  return samples.map(({ value }) => value);
}

function besides(samples: readonly Sample[], figure: string): number[] {
  return samples.flatMap(({ beside }) => {
    const value = beside?.[figure];
    return value === undefined ? [] : [value];
  });
}

function shownSpread(figures: readonly number[], unit?: Unit): string {
  if (figures.length === 0) {
    return "";
  }
  const { median, min, max }: Spread = spreadOf(figures);
  const words = unit === undefined ? "" : ` ${unit}`;
  return figures.length === 1 ? `${shown(median)}${words}` : `${shown(median)}${words} (${shown(min)}–${shown(max)})`;
}

/** Three significant digits. */
function shown(figure: number): string {
  const digits = Math.abs(figure) >= 100 ? 0 : Math.abs(figure) >= 10 ? 1 : 2;
  return figure.toFixed(digits);
}

function shownTarget({ of, atMost, beside }: Target, unit: Unit): string {
  switch (of) {
    case "ours":
      return beside === undefined ? `≤ ${atMost} ${unit}` : `≤ ${atMost} ${beside}`;
    case "ratio":
      return `≤ ${atMost} of theirs`;
    case "difference":
      return `≤ theirs + ${atMost} ${unit}`;
  }
}

function inline(words: string): string {
  return words.trim().replace(/\s+/g, " ").slice(0, 400);
}
