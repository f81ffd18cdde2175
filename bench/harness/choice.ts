import { Measurement } from "./measurement";

/** The parsed command line. */
export interface Choice {
  readonly measurements: readonly Measurement[];
  /** The number of pairs; undefined for each measurement's own number. */
  readonly pairs: number | undefined;
  readonly write: boolean;
}

/** Parses a command line; one argument may hold several words. @throws an Error that lists all names if a name is unknown. */
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
