import { distance } from "fastest-levenshtein";

/** A problem of the configuration, as the user sees it. */
export interface Problem {
  /** The key, as in `pulumi config set`. */
  readonly key: string;
  /** The current value, or `(secret)`. */
  readonly value: string;
  /** The allowed values, in words. */
  readonly allowed: string;
  /** The command that fixes the problem; a shell comment if no command can. */
  readonly fix: string;
}

/** Limit of problems in one message. More than that have a common cause, and nobody fixes them one by one. */
const most = 100;

/** Whether a stack's name is safe in file names and in names on the engine. Pulumi itself accepts even `..`. */
export function isStackName(name: string): boolean {
  return /^[A-Za-z0-9][\w.-]{0,99}$/.test(name);
}

/** All problems of a configuration. The message shows the first 100. */
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
        `Before these commands, run in the same shell: eval "$(make -s env${isStackName(stack) ? ` STACK=${stack}` : ""})"\n`,
    );
    this.name = "ConfigError";
  }
}

/** Characters that a terminal interprets or hides: control characters, line ends, and marks that change the writing direction. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A value as messages show it: quoted, on one line, with invisible characters escaped, cut at 60 characters. */
export function shown(value: string): string {
  // At most 60 characters can be shown. A surrogate pair must not be split at the end.
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

/** Quotes a word for a shell, if necessary. */
export function shellWord(text: string): string {
  return /^[\w.:/@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The command that sets a config key. */
export function setCommand(key: string, value: string): string {
  return `pulumi config set ${key} ${shellWord(value)}`;
}

/** The known name with the smallest edit distance. */
export function nearestOf(name: string, known: readonly string[]): string {
  return known.reduce((best, each) => (distance(name, each) < distance(name, best) ? each : best));
}
