import * as pulumi from "@pulumi/pulumi";

import { Engine, findEngine, kindOf } from "../engine/engine";
import { askEngine, EngineFacts, ownArchitecture } from "../engine/facts";
import { imagesOn } from "../engine/images";
import { askSwarm } from "../engine/nodes";
import { ownAddresses, portHolder } from "../engine/ports";
import { UnusableEngine } from "../engine/unusableEngine";
import { pagesOf } from "../roles";
import { ClusterConfig } from "./clusterConfig";
import { exposureWarning } from "./exposure";
import { ConfigError } from "./problem";
import { ConfigSource, readConfig } from "./reader";

/** The configuration of a cluster as somebody gives it. */
export type Given = Pick<ConfigSource, "stack" | "project" | "values" | "isSecret" | "subject" | "engine">;

/**
 * The engine of a cluster. An unknown kind counts as docker here; the reader rejects it, together with all other problems.
 *
 * @throws {pulumi.RunError} if Docker's context cannot be used.
 */
export function engineOf(kind: string | undefined, host: string | undefined): Engine {
  return withoutTrace(() => findEngine(kindOf(kind) ?? "docker", host));
}

/** Runs a check. What a user has to change becomes an error that Pulumi shows without a stack trace. */
function withoutTrace<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof UnusableEngine || error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
  }
}

/** For each program, the ports of its clusters: the engine does not know those of a cluster that has not started. */
const claims = new WeakMap<object, Map<string, string>>();

function claimed(): Map<string, string> {
  const program = pulumi.runtime.getStackResource() ?? claims; // unit tests have no stack
  const ports = claims.get(program) ?? new Map<string, string>();
  claims.set(program, ports);
  return ports;
}

/**
 * Checks a configuration against its engine, and warns of open ports.
 *
 * @throws {pulumi.RunError} with all problems; Pulumi shows it without a stack trace.
 */
export function check(given: Given): ClusterConfig {
  return withoutTrace(() => checked(given));
}

function checked(given: Given): ClusterConfig {
  const { stack, project, values, engine } = given;
  const facts = engineFacts(engine);
  if (facts?.limits === false) {
    void pulumi.log.warn(
      "This engine cannot limit memory and CPUs of containers: rootless Podman needs cgroups version 2, and systemd must delegate " +
        "the controllers cpu and memory to the user. Limits are not enforced. To delegate them: sudo systemctl edit user@.service, " +
        "with the lines [Service] and Delegate=cpu cpuset io memory pids, then log in again",
    );
  }
  // If no container is started, sizes need not fit: a small machine may build images for a large one.
  const imagesOnly = process.env.SPARK_CLUSTER_IMAGES_ONLY === "true";
  const offered = imagesOnly ? undefined : facts;
  const holder = offered === undefined ? () => undefined : portHolder(offered, stack, engine.host);
  const config = readConfig({
    ...given,
    architecture: facts?.architecture ?? ownArchitecture(),
    limits: facts?.limits ?? true,
    bridgeMoves: facts?.bridgeMoves ?? false,
    size: offered?.size,
    users: offered?.users,
    isMapped: offered?.mapped.get(stack),
    // readConfig rejects a swarm on Podman.
    swarm: offered && engine.kind === "docker" && values[`${project}:target`] === "swarm" ? askSwarm(engine) : undefined,
    addresses: offered && ownAddresses(offered, engine.host),
    portHolder: (port, address) => claimant(engine, port, stack) ?? holder(port, address),
    ownPorts: offered?.publishedPorts.filter((each) => each.stack === stack),
  });
  pagesOf(config).forEach(({ key }) => claimed().set(`${engine.host} ${config.ports[key]}`, stack));
  const exposed = imagesOnly ? undefined : exposureWarning(config);
  if (exposed !== undefined) {
    void pulumi.log.warn(exposed);
  }
  return config;
}

/** Another cluster of this program with the same port, in words. */
function claimant({ host }: Engine, port: number, stack: string): string | undefined {
  const other = claimed().get(`${host} ${port}`);
  return other === undefined || other === stack ? undefined : `cluster ${other} of this program`;
}

/**
 * The engine's size, architecture and published ports. In a preview, an engine that does not respond is only a warning.
 *
 * @throws {UnusableEngine} if it is of the other kind.
 * @throws {pulumi.RunError} outside a preview, if it does not respond.
 */
function engineFacts(engine: Engine): EngineFacts | undefined {
  try {
    return askEngine(engine);
  } catch (error) {
    if (error instanceof UnusableEngine) {
      throw error;
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

/** The images that an engine has, if the cluster's images are built through its API. */
export function imagesToBuildOn(engine: Engine, { supply }: ClusterConfig): ReadonlySet<string> | undefined {
  return engine.kind === "docker" && supply.source === "build" ? imagesOn(engine) : undefined;
}
