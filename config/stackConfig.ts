import * as pulumi from "@pulumi/pulumi";

import { Engine, findEngine, kindOf } from "../engine/engine";
import { askEngine, EngineFacts, ownArchitecture, WrongEngine } from "../engine/facts";
import { askSwarm, NoManager, SwarmFacts } from "../engine/nodes";
import { portHolder } from "../engine/ports";
import { ClusterConfig } from "./clusterConfig";
import { exposureWarning } from "./exposure";
import { ConfigError } from "./problem";
import { readConfig } from "./reader";

/**
 * Reads the configuration of the current stack and checks it against its engine.
 *
 * @throws {pulumi.RunError} with all problems; Pulumi shows it without a stack trace.
 */
export function readStackConfig(): { readonly config: ClusterConfig; readonly engine: Engine } {
  const stack = pulumi.getStack();
  const project = pulumi.getProject();
  const values = pulumi.runtime.allConfig();
  // readConfig rejects an unknown kind, together with all other problems.
  const engine = findEngine(kindOf(values[`${project}:engine`]) ?? "docker", values["docker:host"]);
  const facts = engineFacts(engine);
  // The SDK does not expose which values are secret; it reads this variable itself.
  const secretKeys = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]") as readonly string[];
  if (facts?.limits === false) {
    void pulumi.log.warn(
      "This engine cannot limit memory and CPUs of containers: rootless Podman needs cgroups version 2. Limits are not enforced.",
    );
  }
  // If no container is started, sizes need not fit: a small machine may build images for a large one.
  const imagesOnly = process.env.SPARK_CLUSTER_IMAGES_ONLY === "true";
  const offered = imagesOnly ? undefined : facts;
  try {
    const config = readConfig({
      stack,
      project,
      values,
      isSecret: (name) => secretKeys.includes(name),
      architecture: facts?.architecture ?? ownArchitecture(),
      engine,
      limits: facts?.limits ?? true,
      size: offered?.size,
      // readConfig rejects a swarm on Podman.
      swarm: offered && engine.kind === "docker" && values[`${project}:target`] === "swarm" ? swarmFacts(engine) : undefined,
      portHolder: offered === undefined ? () => undefined : portHolder(offered, stack, engine.host),
    });
    const exposed = imagesOnly ? undefined : exposureWarning(config);
    if (exposed !== undefined) {
      void pulumi.log.warn(exposed);
    }
    return { config, engine };
  } catch (error) {
    throw error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
  }
}

/** The nodes of the swarm that an engine manages. @throws {pulumi.RunError} if it manages none. */
function swarmFacts(engine: Engine): SwarmFacts {
  try {
    return askSwarm(engine);
  } catch (error) {
    throw error instanceof NoManager ? new pulumi.RunError(error.message) : error;
  }
}

/**
 * The engine's size, architecture and published ports. In a preview, an engine that does not respond is only a warning.
 *
 * @throws {pulumi.RunError} if the engine is of the other kind or, outside a preview, does not respond.
 */
function engineFacts(engine: Engine): EngineFacts | undefined {
  try {
    return askEngine(engine);
  } catch (error) {
    if (error instanceof WrongEngine) {
      throw new pulumi.RunError(error.message);
    }
    const message = `No ${engine.kind} engine answers at ${engine.host}: ${error instanceof Error ? error.message : String(error)}`;
    if (pulumi.runtime.isDryRun()) {
      void pulumi.log.warn(`${message}\nSizes and ports are not checked against it.`);
      return undefined;
    }
    throw new pulumi.RunError(
      `${message}\nStart it (make up does, for one on this machine), or name another: pulumi config set docker:host ...`,
    );
  }
}
