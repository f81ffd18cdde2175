import { Measurement } from "./measurement";

/** What a person asked for. */
export interface Choice {
  readonly measurements: readonly Measurement[];
  /** How many pairs, if not as many as each measurement says. */
  readonly pairs: number | undefined;
  readonly write: boolean;
}

/** Reads the words of a command line; one argument may hold several. @throws an Error that lists all names, where a word is none. */
export function choose(args: readonly string[], measurements: readonly Measurement[]): Choice {
  const words = args.flatMap((arg) => arg.split(/[\s,]+/)).filter(Boolean);
  const at = words.indexOf("--pairs");
  const [pairs] = at < 0 ? [] : words.splice(at, 2).slice(1).map(Number);
  const names = words.filter((word) => word !== "--write");
  const unknown = names.filter((name) => measurements.every((each) => each.name !== name));
  if (unknown.length > 0 || (at >= 0 && !(Number.isInteger(pairs) && Number(pairs) > 0))) {
    const all = measurements.map(({ name }) => name).join(" ");
    throw new Error(`There is no measurement ${unknown.join(", ") || "without a number of pairs"}. There are: ${all}`);
  }
  return {
    measurements: names.length === 0 ? measurements : measurements.filter(({ name }) => names.includes(name)),
    pairs,
    write: words.includes("--write"),
  };
}
