import * as pulumi from "@pulumi/pulumi";

import { engineHost } from "../engine/cli";
import { askEngine, EngineFacts } from "../engine/facts";
import { portHolder } from "../engine/ports";
import { ClusterConfig } from "./clusterConfig";
import { ConfigError } from "./problem";
import { readConfig } from "./reader";

/**
 * The configuration of the stack that Pulumi runs, checked against the engine that it names.
 *
 * @throws {pulumi.RunError} with every problem; Pulumi shows it without a stack trace.
 */
export function readStackConfig(): { readonly config: ClusterConfig; readonly engineHost: string } {
  const stack = pulumi.getStack();
  const host = engineHost(new pulumi.Config("docker").get("host"));
  const engine = engineFacts(host);
  // The SDK tells nobody which values are secret; it has them from here itself.
  const secretKeys = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]") as readonly string[];
  try {
    const config = readConfig({
      stack,
      project: pulumi.getProject(),
      values: pulumi.runtime.allConfig(),
      isSecret: (name) => secretKeys.includes(name),
      engine: engine?.size,
      portHolder: engine === undefined ? () => undefined : portHolder(engine, stack, host),
    });
    return { config, engineHost: host };
  } catch (error) {
    throw error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
  }
}

/** What the engine has; in a preview, one that does not answer is no more than a warning. */
function engineFacts(host: string): EngineFacts | undefined {
  try {
    return askEngine(host);
  } catch (error) {
    const message = `The engine at ${host} does not answer: ${error instanceof Error ? error.message : String(error)}`;
    if (pulumi.runtime.isDryRun()) {
      void pulumi.log.warn(`${message}\nSizes and ports are not checked against it.`);
      return undefined;
    }
    throw new pulumi.RunError(
      `${message}\nStart it (make up does, for one on this machine), or name another: pulumi config set docker:host ...`,
    );
  }
}
