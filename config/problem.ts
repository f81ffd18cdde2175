import { distance } from "fastest-levenshtein";

/** One thing that is wrong with the configuration, in the words of the person who can mend it. */
export interface Problem {
  /** The key as it is written after `pulumi config set`. */
  readonly key: string;
  /** The value as it stands, `(secret)` for one that must not be shown. */
  readonly value: string;
  /** What would be allowed. */
  readonly allowed: string;
  /** The command that mends it. */
  readonly mend: string;
}

/** Every problem of a configuration at once. */
export class ConfigError extends Error {
  constructor(
    stack: string,
    readonly problems: readonly Problem[],
  ) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const lines = problems.map((problem) =>
      [`  ${problem.key}: ${problem.value}`, `      ${problem.allowed}`, `      ${problem.mend}`].join("\n"),
    );
    super(
      `${count} in the configuration of stack ${stack}; nothing was changed.\n\n${lines.join("\n\n")}\n\n` +
        `The commands want a shell that has done this: eval "$(make -s env STACK=${stack})"\n`,
    );
    this.name = "ConfigError";
  }
}

/** A value in a message: quoted, on one line, and not longer than a line. */
export function shown(value: string): string {
  const quoted = JSON.stringify(value);
  return quoted.length > 60 ? `${quoted.slice(0, 56)}..."` : quoted;
}

/** A word as a shell takes it for itself, whatever it holds. */
export function shellWord(text: string): string {
  return /^[\w.:/@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The command that sets a key of this project. */
export function setCommand(key: string, value: string): string {
  return `pulumi config set ${key} ${shellWord(value)}`;
}

/** The name that was probably meant. */
export function nearestOf(name: string, known: readonly string[]): string {
  return known.reduce((best, each) => (distance(name, each) < distance(name, best) ? each : best));
}
