import * as pulumi from "@pulumi/pulumi";

import { check, engineOf, imagesToBuildOn } from "./check";
import { CheckedConfig } from "./clusterConfig";

/**
 * Reads the configuration of the current stack and checks it against its engine.
 *
 * @throws {pulumi.RunError} with all problems; Pulumi shows it without a stack trace.
 */
export function readStackConfig(): CheckedConfig {
  const stack = pulumi.getStack();
  const project = pulumi.getProject();
  const values = pulumi.runtime.allConfig();
  const engine = engineOf(values[`${project}:engine`], values["docker:host"]);
  // The SDK does not expose which values are secret; it reads this variable itself.
  const secretKeys = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]") as readonly string[];
  const config = check({ stack, project, values, isSecret: (name) => secretKeys.includes(name), engine });
  return { config, engine, images: imagesToBuildOn(engine, config) };
}
