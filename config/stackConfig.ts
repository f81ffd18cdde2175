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
 * The configuration of the stack that Pulumi runs, checked against the engine that it names.
 *
 * @throws {pulumi.RunError} with every problem; Pulumi shows it without a stack trace.
 */
export function readStackConfig(): { readonly config: ClusterConfig; readonly engine: Engine } {
  const stack = pulumi.getStack();
  const project = pulumi.getProject();
  const values = pulumi.runtime.allConfig();
  // A kind that is none is the reader's to refuse, with all the rest.
  const engine = findEngine(kindOf(values[`${project}:engine`]) ?? "docker", values["docker:host"]);
  const facts = engineFacts(engine);
  // The SDK tells nobody which values are secret; it has them from here itself.
  const secretKeys = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]") as readonly string[];
  if (facts?.limits === false) {
    void pulumi.log.warn(
      "This engine cannot limit what containers take: without root, Podman needs cgroups version 2 for it. Memory adds up by good will alone.",
    );
  }
  // Where nothing is going to be started, it need not fit: a small machine may build for a large one.
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
      // Podman, which knows no swarm, is the reader's to refuse.
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

/** What the swarm has that an engine manages. @throws {pulumi.RunError} for an engine that manages none. */
function swarmFacts(engine: Engine): SwarmFacts {
  try {
    return askSwarm(engine);
  } catch (error) {
    throw error instanceof NoManager ? new pulumi.RunError(error.message) : error;
  }
}

/** What the engine has; in a preview, one that does not answer is no more than a warning. */
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
