import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { ClusterConfig } from "../../../config/clusterConfig";
import { ConfigError, Problem } from "../../../config/problem";
import { ConfigSource, readConfig } from "../../../config/reader";
import { engines } from "./engine";

/** A key as Pulumi.yaml declares it. */
export interface Declaration {
  readonly type?: string;
  readonly default?: unknown;
  readonly description?: string;
}

const project = parse(readFileSync(join(__dirname, "../../../Pulumi.yaml"), "utf8")) as {
  readonly name: string;
  readonly config: Readonly<Record<string, Declaration>>;
};

/** Every key that Pulumi.yaml declares. */
export const declarations = project.config;

/** The value of a key as a person writes it: text, or an object that the CLI turns into JSON. */
export type Written = string | Readonly<Record<string, unknown>> | readonly unknown[];

/** A stack's config as the CLI hands it to the program: defaults of Pulumi.yaml, `namespace:key` -> text, objects as JSON. */
export function stackConfig(written: Readonly<Record<string, Written>> = {}): Record<string, string> {
  const defaults = Object.fromEntries(Object.entries(declarations).map(([key, declared]) => [key, declared.default]));
  return Object.fromEntries(
    Object.entries({ ...defaults, ...written }).map(([key, value]) => [
      `${project.name}:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/** What the reader is given for a config; this machine's own certificates and ports, and what its engine has, are left out. */
export function source(written: Readonly<Record<string, Written>> = {}, rest: Partial<ConfigSource> = {}): ConfigSource {
  return {
    stack: "unit",
    project: project.name,
    values: stackConfig({ caCertificates: "none", ...written }),
    isSecret: () => false,
    architecture: "amd64",
    engine: engines.docker,
    limits: true,
    portHolder: () => undefined,
    ...rest,
  };
}

/** A checked config: the defaults and what differs from them. */
export function clusterConfig(written: Readonly<Record<string, Written>> = {}, rest: Partial<ConfigSource> = {}): ClusterConfig {
  return readConfig(source(written, rest));
}

/** What the reader has to say about a config. */
export function problemsOf(given: ConfigSource): readonly Problem[] {
  return errorOf(given)?.problems ?? [];
}

/** The error that the reader throws for a config, if it does. */
export function errorOf(given: ConfigSource): ConfigError | undefined {
  try {
    readConfig(given);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) {
      return error;
    }
    throw error;
  }
}

/** A config after the commands of a problem, as `pulumi config set` and `rm` would leave it. */
export function mended(written: Readonly<Record<string, Written>>, mend: string): Record<string, Written> {
  const after: Record<string, Written> = { ...written };
  for (const command of mend.split(" && ")) {
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
