import { AwayNode, SwarmFacts, SwarmNode } from "../engine/nodes";
import { roles, rolesOf } from "../roles";
import { RoleName } from "../roles/names";
import { Sizes, SwarmConfig } from "./clusterConfig";
import { Key, Values } from "./schema";
import { formatMemory, Mebibytes } from "./memory";
import { Problem, remove, set, shellWord, Step } from "./problem";
import { CoreLimit, CoreLimits, singleContainers } from "./sizes";

/** The number of all nodes. Those that are away count: their return, or their maintenance, must not change where data is. */
export function countOf({ nodes, away }: SwarmFacts): number {
  return nodes.length + away.length;
}

/** The nodes whose labels allow a role. */
export function nodesOf<N extends Pick<SwarmNode, "labels">>(
  role: RoleName,
  placement: SwarmConfig["placement"],
  nodes: readonly N[],
): readonly N[] {
  const wanted = placement[role];
  if (wanted === undefined) {
    return nodes;
  }
  const at = wanted.indexOf("=");
  return nodes.filter((node) => node.labels[wanted.slice(0, at)] === wanted.slice(at + 1));
}

/**
 * Whether a role without `placement` runs on the manager that the stack names. JupyterLab does, because this project's commands
 * execute inside it. Without shared storage every role but the workers does, because the volumes are on that node.
 */
export function isTied(role: RoleName, { placement, storage }: Placed): boolean {
  return role !== "worker" && placement[role] === undefined && (role === "jupyterlab" || storage === undefined);
}

/** Where a role is placed. */
type Placed = Pick<SwarmConfig, "placement" | "storage">;

/** The nodes that may run a role. */
function placesOf(role: RoleName, swarm: Placed, { nodes, manager }: SwarmFacts): readonly SwarmNode[] {
  return isTied(role, swarm) ? nodes.filter(({ id }) => id === manager) : nodesOf(role, swarm.placement, nodes);
}

/** The CPUs of the smallest node that may run a container of each key. {@link placingProblems} checks memory. */
export function coreLimits(facts: SwarmFacts, swarm: Placed, sizes: Sizes): CoreLimits {
  const limitsOf = (role: RoleName): CoreLimit[] =>
    placesOf(role, swarm, facts).map(({ cpus }) => ({ cpus, words: limitInWords(role, cpus, swarm) }));
  return (key) =>
    rolesOf({ sizes, swarm })
      .filter(({ cpus }) => cpus === key)
      .flatMap(({ name }) => limitsOf(name))
      .sort((one, other) => one.cpus - other.cpus)
      .at(0);
}

function limitInWords(role: RoleName, cpus: number, swarm: Placed): string {
  if (swarm.placement[role] !== undefined) {
    return `the ${cpus} CPUs of the smallest node that placement.${role} allows`;
  }
  return `${isTied(role, swarm) ? "the manager" : "the smallest node"}'s ${cpus} CPUs`;
}

/** The part of a configuration that is checked against a swarm before anything starts. */
export interface SwarmCheck {
  readonly facts: SwarmFacts;
  readonly swarm: Pick<SwarmConfig, "perNode" | "placement" | "storage">;
  readonly sizes: Sizes;
  readonly bucket: boolean;
  readonly imageSource: Values["imageSource"];
  /** A key's value as a message may show it. */
  readonly show: (key: Key, text: string) => string;
}

/** The reasons why the swarm cannot run the configuration, each with the key to change. */
export function placingProblems(check: SwarmCheck): readonly Problem[] {
  const { facts, swarm, bucket, imageSource } = check;
  const problems: Problem[] = [];
  if (imageSource !== "pull") {
    problems.push({
      key: "imageSource",
      value: imageSource,
      allowed: "pull, on a swarm: every node pulls the images from a registry, to which make publish pushes them",
      fix: [set("imageSource", "pull")],
    });
  }
  if (countOf(facts) > 1 && swarm.storage === undefined && !bucket) {
    problems.push({
      key: "sharedStorage",
      value: "nothing",
      allowed:
        `a place that all ${countOf(facts)} nodes see: a volume of one machine is another, empty one on the next. ` +
        ["sharedStorage.nfs or .folder, or s3.bucket", ...facts.away.map(awayNode)].join(". "),
      fix: [set("sharedStorage.nfs", "SERVER:/EXPORT")],
    });
  }
  return [...problems, ...roomProblems(check)];
}

function awayNode({ name, isDown }: AwayNode): string {
  return isDown
    ? `Node ${name} is down; if it has left the swarm, docker node rm ${shellWord(name)} removes it`
    : `Node ${name} counts, although it takes no containers now`;
}

/** The containers of a role that fit on no node. */
interface Homeless {
  readonly memory: Mebibytes;
  /** The largest free memory on any node of the role. */
  readonly most: Mebibytes;
  readonly count: number;
}

function roomProblems(check: SwarmCheck): Problem[] {
  const { facts, swarm } = check;
  const homeless = [...homelessRoles(check)];
  const manager = facts.away.find(({ id, isDown }) => id === facts.manager && !isDown);
  const stranded = homeless.map(([role]) => role).filter((role) => manager !== undefined && isTied(role, swarm));
  const others = homeless.filter(([role]) => !stranded.includes(role)).map(([role, each]) => problemOf(role, each, check));
  return manager === undefined || stranded.length === 0 ? others : [managerAway(manager, stranded), ...others];
}

function managerAway({ name }: AwayNode, stranded: readonly RoleName[]): Problem {
  const otherwise = stranded.every((role) => role === "jupyterlab")
    ? ", unless placement.jupyterlab is the LABEL=VALUE of other nodes"
    : "";
  return {
    key: "docker:host",
    value: name,
    allowed:
      `a manager that takes containers: this one takes none (it is drained or paused), and has to run ` +
      `${[...stranded].sort().join(", ")}${otherwise}`,
    fix: [{ command: `docker node update --availability active ${shellWord(name)}` }],
  };
}

/** Places all containers, largest first, on the node with the most free memory, as the swarm's scheduler spreads them. */
function homelessRoles({ facts, swarm, sizes }: SwarmCheck): ReadonlyMap<RoleName, Homeless> {
  const free = new Map(facts.nodes.map((node) => [node.id, node.memory]));
  const roomOf = ({ id }: SwarmNode) => free.get(id) ?? 0;
  free.set(facts.manager, (free.get(facts.manager) ?? 0) - roles.gateway.memory(sizes));
  const workerNodes = nodesOf("worker", swarm.placement, facts.nodes);
  const wanted = [
    ...singleContainers(sizes).map(([{ name: role }, memory]) => ({ role, memory, nodes: placesOf(role, swarm, facts) })),
    ...Array.from({ length: sizes.workers }, (_, index) => ({
      role: "worker" as const,
      memory: roles.worker.memory(sizes),
      nodes: swarm.perNode ? workerNodes.slice(index, index + 1) : workerNodes,
    })),
  ].sort((one, other) => other.memory - one.memory);
  const homeless = new Map<RoleName, Homeless>();
  for (const { role, memory, nodes } of wanted) {
    const [roomiest] = [...nodes].sort((one, other) => roomOf(other) - roomOf(one));
    const most = roomiest === undefined ? 0 : roomOf(roomiest);
    if (roomiest !== undefined && most >= memory) {
      free.set(roomiest.id, most - memory);
    } else {
      homeless.set(role, { memory, most, count: (homeless.get(role)?.count ?? 0) + 1 });
    }
  }
  return homeless;
}

function problemOf(role: RoleName, { memory, most, count }: Homeless, { facts, swarm, sizes, show }: SwarmCheck): Problem {
  const label = swarm.placement[role];
  const [away] = label === undefined ? [] : nodesOf(role, swarm.placement, facts.away);
  const hasNone = label !== undefined && nodesOf(role, swarm.placement, facts.nodes).length === 0;
  if (hasNone && away !== undefined) {
    return {
      key: `placement.${role}`,
      value: show("placement", label),
      allowed: `a label of a node that takes containers; node ${away.name} has it, and is ${away.isDown ? "down" : "drained or paused"}`,
      fix: [
        away.isDown
          ? { advice: `start the engine of node ${away.name}` }
          : { command: `docker node update --availability active ${shellWord(away.name)}` },
      ],
    };
  }
  if (hasNone) {
    return {
      key: `placement.${role}`,
      value: show("placement", label),
      allowed: "a label that a node of the swarm has: docker node update --label-add LABEL=VALUE NODE",
      fix: [remove(`placement.${role}`)],
    };
  }
  const allowed = `as much as the nodes hold: ${count} x ${role} of ${formatMemory(memory)} found no node with more than ${formatMemory(most)} left`;
  const otherwise: Step = { advice: "add a node to the swarm, or set smaller memory keys" };
  if (role !== "worker") {
    return { key: `placement.${role}`, value: "no room", allowed, fix: [otherwise] };
  }
  const fitting = sizes.workers - count;
  return {
    key: "workers",
    value: String(sizes.workers),
    allowed,
    fix: [fitting > 0 ? set("workers", String(fitting)) : otherwise],
  };
}
