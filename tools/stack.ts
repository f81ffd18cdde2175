import { execFileSync } from "node:child_process";

import { ClusterConfig } from "../config/clusterConfig";
import { readConfig } from "../config/reader";
import { inspectListed } from "../engine/cli";
import { Engine, findEngine, kindOf } from "../engine/engine";
import { ownArchitecture } from "../engine/facts";
import { Watched } from "../engine/readiness";
import { roles } from "../roles";
import { RoleName } from "../roles/names";
import { labelled, labels } from "../engine/labels";

/** The project's name, and the namespace of its config keys. */
export const project = "spark-cluster";

/** The stack named by `make` or the shell. */
export const stack = process.env.PULUMI_STACK ?? "dev";

/** Runs the Pulumi CLI on the stack and returns what it printed. */
export function pulumi(...args: string[]): string {
  return execFileSync("pulumi", args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 256 * 1024 * 1024 });
}

/** The stack's config in the program's form: `namespace:key` -> text. */
export function configValues(): Record<string, string> {
  return valuesAndSecrets().values;
}

/** The same, with the names of the secrets. */
export function valuesAndSecrets(): { readonly values: Record<string, string>; readonly secrets: readonly string[] } {
  const json = JSON.parse(pulumi("config", "--json", "--show-secrets")) as Record<string, { value: string; secret: boolean }>;
  const entries = Object.entries(json);
  return {
    values: Object.fromEntries(entries.map(([name, { value }]) => [name, value])),
    secrets: entries.filter(([, { secret }]) => secret).map(([name]) => name),
  };
}

/** The stack's engine. An unknown kind counts as docker here; the check of the configuration rejects it. */
export function engineOf(values: Record<string, string>): Engine {
  return findEngine(kindOf(values[`${project}:engine`]) ?? "docker", values["docker:host"]);
}

/** Whether the stack is on a swarm. */
export function isOnSwarm(values: Record<string, string>): boolean {
  return values[`${project}:target`] === "swarm";
}

/** The stack's configuration, checked except for facts that only the engine has. */
export function clusterConfig(
  values: Record<string, string>,
  architecture = ownArchitecture(),
  isSecret: (name: string) => boolean = () => true,
): ClusterConfig {
  const engine = engineOf(values);
  return readConfig({
    stack,
    project,
    values,
    isSecret,
    engine,
    architecture,
    limits: true,
    portHolder: () => undefined,
  });
}

/** A container of the stack, as the engine reports it. */
export interface StackContainer {
  readonly id: string;
  readonly name: string;
  readonly role: RoleName | undefined;
  readonly home: string | undefined;
  readonly status: string;
  readonly health: string | undefined;
  /** Whether a swarm created the container, and so manages it. */
  readonly ofSwarm: boolean;
}

interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly Config: { readonly Labels: Readonly<Record<string, string>> };
  readonly State: { readonly Status: string; readonly Health?: { readonly Status: string } };
}

/** The cluster's containers, sorted by name, without helper containers. */
export function clusterContainers(engine: Engine): (StackContainer & Watched)[] {
  return containersOf(engine).flatMap((container) =>
    container.role === undefined ? [] : [{ ...container, role: container.role, healthcheck: roles[container.role].healthcheck }],
  );
}

/** All containers with the stack's label, sorted by name. */
export function containersOf(engine: Engine): StackContainer[] {
  const list = ["ps", "--all", "--quiet", "--filter", labelled("stack", stack)];
  return (inspectListed(engine, list, ["inspect"]) as Inspected[])
    .map(({ Id, Name, Config, State }) => ({
      id: Id,
      name: Name.replace(/^\//, ""),
      role: Config.Labels[labels.role] as RoleName | undefined,
      home: Config.Labels[labels.home],
      status: State.Status,
      health: State.Health?.Status,
      ofSwarm: Config.Labels["com.docker.swarm.task.id"] !== undefined,
    }))
    .sort((one, other) => one.name.localeCompare(other.name, undefined, { numeric: true }));
}
