import { ask, inspectListed } from "../../engine/cli";
import { Engine } from "../../engine/engine";
import { labelled, labels } from "../../engine/labels";
import { Watched } from "../../engine/readiness";
import { roles } from "../../roles";
import { RoleName } from "../../roles/names";
import { Failure } from "../failure";
import { OpenStack } from "./openStack";

/** What identifies a stack's things on its engine. */
export type Place = Pick<OpenStack, "name" | "engine" | "isOnSwarm">;

/** A container of the stack, as the engine reports it. */
export interface StackContainer {
  readonly id: string;
  readonly name: string;
  readonly stack: string | undefined;
  readonly role: RoleName | undefined;
  readonly home: string | undefined;
  readonly status: string;
  readonly health: string | undefined;
  readonly hostname: string;
  /** Whether a swarm created the container, and so manages it. */
  readonly ofSwarm: boolean;
}

interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly Config: { readonly Labels: Readonly<Record<string, string>> | null; readonly Hostname: string };
  readonly State: { readonly Status: string; readonly Health?: { readonly Status: string } };
}

/** The cluster's containers, sorted by name, without helper containers. */
export function clusterContainers(place: Place): (StackContainer & Watched)[] {
  return containersOf(place).flatMap((container) =>
    container.role === undefined ? [] : [{ ...container, role: container.role, healthcheck: roles[container.role].healthcheck }],
  );
}

/** All containers with the stack's label, sorted by name. */
export function containersOf({ name: stack, engine }: Place): StackContainer[] {
  return containersBy(engine, labelled("stack", stack));
}

/** The containers of others on a network, for which an engine does not remove it. */
export function othersOn(network: string, { name: stack, engine }: Place): StackContainer[] {
  return containersBy(engine, `network=${network}`).filter((container) => container.stack !== stack);
}

/** The ids of the networks with a label. */
export function networksWith(engine: Engine, label: "stack" | "home", value: string): string[] {
  // --quiet would print names on Podman.
  const ids = ask(engine, "network", "ls", "--no-trunc", "--format", "{{.ID}}", "--filter", labelled(label, value));
  return ids.split("\n").filter(Boolean);
}

function containersBy(engine: Engine, filter: string): StackContainer[] {
  return (inspectListed(engine, ["ps", "--all", "--quiet", "--filter", filter], ["inspect"]) as Inspected[])
    .map(({ Id, Name, Config: { Labels, Hostname }, State }) => ({
      id: Id,
      name: Name.replace(/^\//, ""),
      stack: Labels?.[labels.stack],
      role: Labels?.[labels.role] as RoleName | undefined,
      home: Labels?.[labels.home],
      status: State.Status,
      health: State.Health?.Status,
      hostname: Hostname,
      ofSwarm: Labels?.["com.docker.swarm.task.id"] !== undefined,
    }))
    .sort((one, other) => byName(one.name, other.name));
}

/** Compares names such that `worker-2` comes before `worker-10`. */
export function byName(one: string, other: string): number {
  return one.localeCompare(other, undefined, { numeric: true });
}

/**
 * The id of the stack's running container with a role, the first one if there are several.
 *
 * @throws {Failure} if there is none.
 */
export function runningContainer({ name, engine, isOnSwarm }: Place, role: RoleName): string {
  const filters = [labelled("stack", name), labelled("role", role)].flatMap((filter) => ["--filter", filter]);
  const [found] = ask(engine, "ps", "--quiet", ...filters).split("\n");
  if (found !== undefined && found !== "") {
    return found;
  }
  throw new Failure(
    isOnSwarm
      ? `No container of the role ${role} runs on the node of ${engine.host}. make status shows its node: set docker:host to that node.`
      : `Stack ${name} has no running container of the role ${role}: make up STACK=${name} starts it.`,
  );
}
