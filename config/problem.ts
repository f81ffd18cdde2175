import { distance } from "fastest-levenshtein";

/** One thing that is wrong with the configuration, in the words of the person who can fix it. */
export interface Problem {
  /** The key as it is written after `pulumi config set`. */
  readonly key: string;
  /** The value as it stands, `(secret)` for one that must not be shown. */
  readonly value: string;
  /** What would be allowed. */
  readonly allowed: string;
  /** The command that fixes it; a shell's comment where no command does. */
  readonly fix: string;
}

/** Problems that a message shows. With more of them than a person fixes one by one, something else is wrong than these. */
const most = 100;

/** Whether a stack's name may be a part of names of files and of the engine's things; Pulumi itself would let one be called `..`. */
export function isStackName(name: string): boolean {
  return /^[A-Za-z0-9][\w.-]{0,99}$/.test(name);
}

/** Every problem of a configuration at once. */
export class ConfigError extends Error {
  constructor(
    stack: string,
    readonly problems: readonly Problem[],
  ) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const lines = problems
      .slice(0, most)
      .map((problem) => [`  ${problem.key}: ${problem.value}`, `      ${problem.allowed}`, `      ${problem.fix}`].join("\n"));
    const more = problems.length > most ? [`  ... and ${problems.length - most} more`] : [];
    const name = isStackName(stack) ? stack : shown(stack);
    super(
      `${count} in the configuration of stack ${name}; nothing was changed.\n\n${[...lines, ...more].join("\n\n")}\n\n` +
        `The commands want a shell that has done this: eval "$(make -s env${isStackName(stack) ? ` STACK=${stack}` : ""})"\n`,
    );
    this.name = "ConfigError";
  }
}

/** What a terminal obeys or does not show: control characters, ends of lines, and the marks that turn the direction of writing. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A value in a message: quoted, on one line, all of it to be seen, and not longer than a line. */
export function shown(value: string): string {
  // No more of it than can be shown, and no half of a pair at its end.
  const begin = value.slice(0, 60).replace(/[\ud800-\udbff]$/, "");
  const quoted = JSON.stringify(begin).replace(invisible, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
  if (quoted.length <= 60 && begin === value) {
    return quoted;
  }
  return `${quoted.slice(0, 56).replace(/[\ud800-\udbff]$/, "")}..."`;
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
