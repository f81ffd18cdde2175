import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { ClusterConfig } from "../config/clusterConfig";
import { ConfigSource, readConfig } from "../config/reader";
import { textOf } from "../config/text";
import { engines } from "./engines/socketsOfRoot";

/** A key as Pulumi.yaml declares it. */
export interface Declaration {
  readonly type?: string;
  readonly default?: unknown;
  readonly description?: string;
}

const project = parse(readFileSync(join(__dirname, "../Pulumi.yaml"), "utf8")) as {
  readonly name: string;
  readonly config: Readonly<Record<string, Declaration>>;
};

/** Every key that Pulumi.yaml declares. */
export const declarations = project.config;

/** The value of a key as a user writes it: text, or an object that the CLI converts to JSON. */
export type Written = string | Readonly<Record<string, unknown>> | readonly unknown[];

const defaults = Object.entries(declarations).map(([key, declared]) => [`${project.name}:${key}`, textOf(declared.default)]);

/** A stack's config as the CLI passes it to the program: defaults of Pulumi.yaml, `namespace:key` -> text, objects as JSON. */
export function stackConfig(written: Readonly<Record<string, Written>> = {}): Record<string, string> {
  const own = Object.entries(written).map(([key, value]) => [`${project.name}:${key}`, textOf(value)]);
  return Object.fromEntries([...defaults, ...own]) as Record<string, string>;
}

/** The input of the reader for a config, without this machine's certificates and ports, and without facts of its engine. */
export function source(written: Readonly<Record<string, Written>> = {}, rest: Partial<ConfigSource> = {}): ConfigSource {
  return {
    stack: "unit",
    project: project.name,
    values: stackConfig({ caCertificates: "none", ...written }),
    isSecret: () => false,
    architecture: "amd64",
    engine: engines.docker,
    limits: true,
    bridgeMoves: false,
    portHolder: () => undefined,
    ...rest,
  };
}

/** A checked config: the defaults, with the given differences. */
export function clusterConfig(written: Readonly<Record<string, Written>> = {}, rest: Partial<ConfigSource> = {}): ClusterConfig {
  return readConfig(source(written, rest));
}
