import { EngineSize } from "../engine/facts";
import { SwarmFacts, SwarmNode } from "../engine/nodes";
import { Role } from "../engine/roles";
import { Sizes, SwarmConfig } from "./clusterConfig";
import { Key, Values } from "./keys";
import { formatMemory, Mebibytes } from "./memory";
import { Problem, setCommand } from "./problem";
import {
  catalogContainerMemory,
  connectContainerMemory,
  gatewayContainerMemory,
  historyContainerMemory,
  ideContainerMemory,
  masterContainerMemory,
  workerContainerMemory,
} from "./sizes";

/** What any container may ask for: the processors of the smallest node. Memory is another question, see {@link placingProblems}. */
export function smallestNode(facts: SwarmFacts | undefined): EngineSize | undefined {
  return facts && { cpus: Math.min(...facts.nodes.map(({ cpus }) => cpus)), memory: Infinity, name: "the smallest node" };
}

/** The nodes that a role may be on. */
export function nodesOf(role: Role, placement: SwarmConfig["placement"], nodes: readonly SwarmNode[]): readonly SwarmNode[] {
  const wanted = placement[role];
  if (wanted === undefined) {
    return nodes;
  }
  const at = wanted.indexOf("=");
  return nodes.filter((node) => node.labels[wanted.slice(0, at)] === wanted.slice(at + 1));
}

/** What is checked against a swarm before anything starts. */
export interface SwarmCheck {
  readonly facts: SwarmFacts;
  readonly swarm: Pick<SwarmConfig, "perNode" | "placement" | "storage">;
  readonly sizes: Sizes;
  readonly bucket: boolean;
  readonly imageSource: Values["imageSource"];
  /** What of a key's text a message may hold. */
  readonly show: (key: Key, text: string) => string;
}

/** What of the configuration the swarm cannot carry, each with the key to change. */
export function placingProblems(check: SwarmCheck): readonly Problem[] {
  const { facts, swarm, bucket, imageSource } = check;
  const problems: Problem[] = [];
  if (imageSource !== "pull") {
    problems.push({
      key: "imageSource",
      value: imageSource,
      allowed: "pull, on a swarm: each node has to get the images from a registry, to which make publish takes them",
      mend: setCommand("imageSource", "pull"),
    });
  }
  if (facts.nodes.length > 1 && swarm.storage === undefined && !bucket) {
    problems.push({
      key: "sharedStorage",
      value: "nothing",
      allowed: `a place that all ${facts.nodes.length} nodes see: a volume of one machine is another, empty one on the next. sharedStorage.nfs or .folder, or s3.bucket`,
      mend: setCommand("--path sharedStorage.nfs", "SERVER:/EXPORT"),
    });
  }
  return [...problems, ...roomProblems(check)];
}

/** Each role's containers are put where there is most room left, the largest first, as the swarm's own scheduler spreads them. */
function roomProblems({ facts, swarm, sizes, show }: SwarmCheck): Problem[] {
  const free = new Map(facts.nodes.map((node) => [node.id, node.memory]));
  const problems: Problem[] = [];
  const singles: [Role, Mebibytes][] = [
    ["master", masterContainerMemory(sizes)],
    ["jupyterlab", ideContainerMemory(sizes)],
    ["history-server", historyContainerMemory(sizes)],
    ["connect", connectContainerMemory(sizes)],
    ["catalog", catalogContainerMemory(sizes)],
  ];
  free.set(facts.manager, (free.get(facts.manager) ?? 0) - gatewayContainerMemory(sizes));
  const manager = facts.nodes.filter((node) => node.id === facts.manager);
  const labelled = (role: Role) => nodesOf(role, swarm.placement, facts.nodes);
  const workerNodes = labelled("worker");
  const wanted = [
    ...singles
      .filter(([, memory]) => memory > 0)
      .map(([role, memory]) => {
        const tied = swarm.placement[role] === undefined && (role === "jupyterlab" || swarm.storage === undefined);
        return { role, memory, nodes: tied ? manager : labelled(role) };
      }),
    ...Array.from({ length: sizes.workers }, (_, index) => ({
      role: "worker" as const,
      memory: workerContainerMemory(sizes),
      nodes: swarm.perNode ? workerNodes.slice(index, index + 1) : workerNodes,
    })),
  ].sort((one, other) => other.memory - one.memory);
  const homeless = new Map<Role, { readonly memory: Mebibytes; readonly most: Mebibytes; count: number }>();
  for (const { role, memory, nodes } of wanted) {
    const [roomiest] = [...nodes].sort((one, other) => (free.get(other.id) ?? 0) - (free.get(one.id) ?? 0));
    const most = roomiest === undefined ? 0 : (free.get(roomiest.id) ?? 0);
    if (roomiest !== undefined && most >= memory) {
      free.set(roomiest.id, most - memory);
    } else {
      homeless.set(role, { memory, most, count: (homeless.get(role)?.count ?? 0) + 1 });
    }
  }
  for (const [role, { memory, most, count }] of homeless) {
    const label = swarm.placement[role];
    const none = label !== undefined && labelled(role).length === 0;
    const key = none ? `placement.${role}` : role === "worker" ? "workers" : `placement.${role}`;
    problems.push({
      key,
      value: none ? show("placement", label) : role === "worker" ? String(sizes.workers) : "no room",
      allowed: none
        ? "a label that a node of the swarm has: docker node update --label-add LABEL=VALUE NODE"
        : `as much as the nodes hold: ${count} x ${role} of ${formatMemory(memory)} found no node with more than ${formatMemory(most)} left`,
      mend: none
        ? `pulumi config rm --path placement.${role}`
        : role === "worker" && sizes.workers > count
          ? setCommand("workers", String(sizes.workers - count))
          : "# add a node to the swarm, or set smaller memory keys",
    });
  }
  return problems;
}
