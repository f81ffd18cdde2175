import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { schema } from "../../config/schema";
import { textOf } from "../../config/text";
import { Engine, findEngine, kindOf } from "../../engine/engine";
import { root } from "../programs";
import { configOf, fileOf, project, valueOf } from "./openStack";
import { hasSecret } from "./salt";

/** What a stack needs of its machine. */
export interface Needs {
  readonly engine: Engine;
  /** Undefined for a stack that pulls its images. */
  readonly baseImage: string | undefined;
}

/**
 * What a stack needs, read from its files without Pulumi, which is not there yet.
 *
 * @param kind The kind of engine that a new stack gets.
 * @returns undefined if only Pulumi can tell, as of secrets, or if the configuration has a problem, which is reported later.
 */
export function needsOf(stack: string, kind: string | undefined): Needs | undefined {
  const file = join(root, fileOf(stack));
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (hasSecret(text) || /^environment:/m.test(text)) {
    return undefined;
  }
  try {
    const { config: defaults } = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as {
      config: Record<string, { default: unknown }>;
    };
    if (!Object.keys(defaults).every((key) => key in schema)) {
      return undefined; // such as docker:host, for all stacks
    }
    const given = (parse(text) as { config?: Record<string, unknown> } | null)?.config ?? {};
    const values: Readonly<Record<string, string>> = {
      ...Object.fromEntries(Object.entries(defaults).map(([key, known]) => [`${project}:${key}`, textOf(known.default)])),
      ...(text === "" && kind !== undefined ? { [`${project}:engine`]: kind } : {}),
      ...Object.fromEntries(Object.entries(given).map(([key, value]) => [key, textOf(value)])),
    };
    const known = { name: stack, values, isSecret: () => false, isOnSwarm: valueOf({ values }, "target") === "swarm" };
    const engine = findEngine(kindOf(valueOf(known, "engine")) ?? "docker", values["docker:host"]);
    configOf({ ...known, engine });
    if (kind !== undefined && engine.kind !== kind) {
      return undefined;
    }
    return { engine, baseImage: valueOf(known, "imageSource") === "pull" ? undefined : valueOf(known, "baseImage") };
  } catch {
    return undefined;
  }
}
