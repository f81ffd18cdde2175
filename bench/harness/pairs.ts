import { Measurement, Outcome, Sample, Sides } from "./measurement";
import { Scratch, within, wordsOf } from "./scratch";

export interface PairsOptions {
  readonly commit: string;
  /** The number of pairs, instead of the measurement's own. */
  readonly pairs?: number | undefined;
  readonly say: (line: string) => void;
  readonly scratch: Scratch;
}

/** Runs a measurement and cleans up after it. A failure is reported in the outcome, never thrown. */
export async function measure(measurement: Measurement, options: PairsOptions): Promise<Outcome> {
  const { name, what, against, unit, targets, patience } = measurement;
  const date = new Date().toISOString();
  const ours: Sample[] = [];
  const theirs: Sample[] = [];
  const failures: string[] = [];
  try {
    const sides = await within(patience, "the setup", () => measurement.setup(options.scratch));
    for (let pair = 0; pair < (options.pairs ?? measurement.pairs); pair++) {
      const { mine, other } = await runPair(pair, sides, measurement, options.say);
      ours.push(mine);
      theirs.push(...other);
    }
  } catch (error) {
    failures.push(wordsOf(error));
  }
  failures.push(...(await options.scratch.clear()));
  const failure = failures.length === 0 ? {} : { failure: failures.join("\n") };
  return { name, what, against, unit, targets, date, commit: options.commit, ours, theirs, ...failure };
}

/** Runs every second pair in reverse order, because the side that runs second has a warmer machine. */
async function runPair(
  pair: number,
  sides: Sides,
  { unit, patience }: Measurement,
  say: (line: string) => void,
): Promise<{ mine: Sample; other: Sample[] }> {
  const run = async (side: "ours" | "theirs", task: () => Promise<Sample>) => {
    const sample = await within(patience, `a run of ${side}`, task);
    say(`  ${pair + 1}. ${side.padEnd(6)} ${sample.value.toFixed(2)} ${unit} ${JSON.stringify(sample.beside ?? {})}`);
    return sample;
  };
  const mine = () => run("ours", () => sides.ours());
  const other = async () => (sides.theirs === undefined ? [] : [await run("theirs", sides.theirs.bind(sides))]);
  if (pair % 2 === 0) {
    const first = await mine();
    return { mine: first, other: await other() };
  }
  const first = await other();
  return { mine: await mine(), other: first };
}
