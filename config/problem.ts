import { distance } from "fastest-levenshtein";

/** A problem of the configuration, as the user sees it. */
export interface Problem {
  /** The key, as in `pulumi config set`. */
  readonly key: string;
  /** The current value, or `(secret)`. */
  readonly value: string;
  /** The allowed values, in words. */
  readonly allowed: string;
  /** What fixes the problem. */
  readonly fix: Fix;
}

/** One step of a fix. */
export type Step =
  | {
      /** A key, a field (`ports.sparkUi`) or an entry (`extraJars[0]`). */
      readonly set: string;
      /** Undefined if only the user knows it. */
      readonly value: string | undefined;
      readonly isSecret?: boolean;
    }
  | { readonly remove: string; /** Whether dots are a part of the key. */ readonly isLiteral?: boolean }
  | { readonly command: string }
  | { readonly advice: string };
export type Fix = readonly Step[];

export function set(key: string, value: string): Step {
  return { set: key, value };
}

/** The problem of a value that has to be a secret. */
export function notSecret(key: string, value: "plain text" | "nothing"): Problem {
  return { key, value, allowed: "a secret, which the command asks for", fix: [{ set: key, value: undefined, isSecret: true }] };
}

export function remove(key: string): Step {
  return { remove: key };
}

/** Limit of problems in one message. More than that have a common cause, and nobody fixes them one by one. */
const most = 100;

/** Whether a stack's name is safe in file names and in names on the engine. Pulumi itself accepts even `..`. */
export function isStackName(name: string): boolean {
  return /^[A-Za-z0-9][\w.-]{0,99}$/.test(name);
}

/** What is configured, in the words of its errors. */
export interface Subject {
  /** Completes "2 problems in". */
  readonly what: string;
  /** A step of a fix, as the user takes it. */
  readonly step: (step: Step) => string;
  /** What joins the steps of one fix. */
  readonly joint: string;
  /** The cluster's name on its engine, if it is not safe there. */
  readonly name: { readonly key: string; readonly fix: Step };
  /** The command that applies what is configured. */
  readonly apply: string;
  /** Where all keys are listed. */
  readonly listing: string;
  /** What the error has left as it was. @default "nothing" */
  readonly unchanged?: "no container";
  /** The last line. */
  readonly hint?: string;
}

/** The configuration of a stack, whose fixes are commands. */
export function stackSubject(stack: string): Subject {
  const isSafe = isStackName(stack);
  return {
    what: `the configuration of stack ${isSafe ? stack : shown(stack)}`,
    step: commandOf,
    joint: " && ",
    name: { key: "the stack's name", fix: { command: "pulumi stack rename NAME" } },
    apply: "make up",
    listing: "pulumi config lists all",
    hint: `Before these commands, run in the same shell: eval "$(make -s env${isSafe ? ` STACK=${stack}` : ""})"`,
  };
}

/** All problems of a configuration. The message shows the first 100. */
export class ConfigError extends Error {
  constructor(
    subject: Subject,
    readonly problems: readonly Problem[],
  ) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const lines = problems
      .slice(0, most)
      .map(({ key, value, allowed, fix }) =>
        [`  ${key}: ${value}`, `      ${allowed}`, `      ${fix.map(subject.step).join(subject.joint)}`].join("\n"),
      );
    const more = problems.length > most ? [`  ... and ${problems.length - most} more`] : [];
    const hint = subject.hint === undefined ? [] : [subject.hint];
    super(
      `${count} in ${subject.what}; ${subject.unchanged ?? "nothing"} was changed.\n\n${[...lines, ...more, ...hint].join("\n\n")}\n`,
    );
    this.name = "ConfigError";
  }
}

/** A step as a command, or as a comment of a shell if no command can do it. */
export function commandOf(step: Step): string {
  if ("advice" in step) {
    return `# ${step.advice}`;
  }
  if ("command" in step) {
    return step.command;
  }
  if ("remove" in step) {
    return `pulumi config rm ${step.isLiteral === true ? shellWord(step.remove) : pathOf(step.remove)}`;
  }
  const value = step.value === undefined ? "" : ` ${shellWord(step.value)}`;
  return `pulumi config set ${step.isSecret === true ? "--secret " : ""}${pathOf(step.set)}${value}`;
}

/** A key, or the path of a field or an entry, as Pulumi's commands take it. */
function pathOf(key: string): string {
  return /[.[]/.test(key) ? `--path ${shellWord(key)}` : shellWord(key);
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

/** The known name with the smallest edit distance. */
export function nearestOf(name: string, known: readonly string[]): string {
  return known.reduce((best, each) => (distance(name, each) < distance(name, best) ? each : best));
}
