import { ClusterConfig } from "../../../config/clusterConfig";
import { commandOf, ConfigError, Fix, Problem } from "../../../config/problem";
import { ConfigSource, readConfig } from "../../../config/reader";
import { source, Written } from "../../../testbed/stackConfig";

/** A problem as a stack's user reads it. */
export interface Told extends Omit<Problem, "fix"> {
  /** Commands, joined by `&&`. */
  readonly fix: string;
}

export function told(problems: readonly Problem[]): readonly Told[] {
  return problems.map((problem) => ({ ...problem, fix: commandsOf(problem.fix) }));
}

export function commandsOf(fix: Fix): string {
  return fix.map(commandOf).join(" && ");
}

/** What the reader has to say about a config. */
export function problemsOf(given: ConfigSource): readonly Told[] {
  return told(errorOf(given)?.problems ?? []);
}

/** The error that the reader throws for a config, if it does. */
export function errorOf(given: ConfigSource): ConfigError | undefined {
  const outcome = outcomeOf(given);
  return outcome instanceof ConfigError ? outcome : undefined;
}

/** What the reader makes of a config: values that it takes, or an error of its own and never another. */
export function outcomeOf(given: ConfigSource): ClusterConfig | ConfigError {
  try {
    return readConfig(given);
  } catch (error) {
    if (error instanceof ConfigError) {
      return error;
    }
    throw error;
  }
}

/** That a config has one problem, and none after its command. */
export function expectFixed(written: Readonly<Record<string, Written>>, problem: Told, rest: Partial<ConfigSource> = {}): void {
  expect(problemsOf(source(written, rest))).toEqual([problem]);
  expect(problemsOf(source(fixed(written, problem.fix), rest))).toEqual([]);
}

/** A config after the commands of a problem, as `pulumi config set` and `rm` would leave it. */
export function fixed(written: Readonly<Record<string, Written>>, fix: string): Record<string, Written> {
  const after: Record<string, Written> = { ...written };
  for (const command of fix.split(" && ")) {
    const [, verb, path, key = "", value = ""] =
      /^pulumi config (set|rm) (--path )?('[^']*'|[\w.-]+)(?: ([\w.:/@-]+))?$/.exec(command) ?? [];
    if (verb === undefined) {
      throw new Error(`not a command that a shell takes as it is meant: ${command}`);
    }
    const name = key.replace(/^'|'$/g, "");
    const [, map = "", dotted, quoted] = /^(\w+)(?:\.([\w-]+)|\["([^"]+)"\])$/.exec(name) ?? [];
    const entry = dotted ?? quoted;
    if (path !== undefined && entry !== undefined) {
      const { [entry]: _, ...others } = (after[map] ?? {}) as Record<string, unknown>;
      after[map] = verb === "set" ? { ...others, [entry]: value } : others;
    } else if (verb === "set") {
      after[name] = value;
    } else {
      Reflect.deleteProperty(after, name);
    }
  }
  return after;
}
