import { ask, inspectListed } from "./cli";
import { Engine } from "./engine";
import { EngineSize, sizeOf } from "./facts";
import { UnusableEngine } from "./unusableEngine";

/** A node of a swarm. */
export interface SwarmNode extends EngineSize {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A node that takes no containers at the moment. */
export interface AwayNode extends Pick<SwarmNode, "id" | "labels"> {
  /** The host name of its machine. */
  readonly name: string;
  /** Whether its engine is stopped or unreachable. A node that has left the swarm is down until it is removed from the list. */
  readonly isDown: boolean;
}

/** Facts about a swarm, queried once in each run of the program. */
export interface SwarmFacts {
  /** The node id of the queried manager. */
  readonly manager: string;
  /** The nodes that are ready and accept containers. */
  readonly nodes: readonly SwarmNode[];
  /** All others: drained, paused or down. */
  readonly away: readonly AwayNode[];
}

interface Info {
  readonly Swarm: { readonly NodeID: string; readonly LocalNodeState: string; readonly ControlAvailable: boolean };
}

interface Inspected {
  readonly ID: string;
  readonly Spec: { readonly Labels: Readonly<Record<string, string>> | null; readonly Availability: string };
  readonly Description: {
    readonly Hostname: string;
    readonly Resources: { readonly NanoCPUs: number; readonly MemoryBytes: number };
  };
  readonly Status: { readonly State: string };
}

/** Whether an engine manages a swarm. @throws an Error if it does not respond. */
export function managesSwarm(engine: Engine): boolean {
  return infoOf(engine).ControlAvailable;
}

function infoOf(engine: Engine): Info["Swarm"] {
  return (JSON.parse(ask(engine, "info", "--format", "{{json .}}")) as Info).Swarm;
}

/** Queries a manager for its swarm's nodes. @throws {UnusableEngine} if the engine is no manager; an Error if it does not respond. */
export function askSwarm(engine: Engine): SwarmFacts {
  const Swarm = infoOf(engine);
  if (!Swarm.ControlAvailable) {
    throw new UnusableEngine(
      Swarm.LocalNodeState === "active"
        ? `The engine at ${engine.host} is a worker of its swarm: name a manager, pulumi config set docker:host ...`
        : `The engine at ${engine.host} is in no swarm: docker swarm init there creates one. ` +
            `To run without a swarm: pulumi config set target engine`,
    );
  }
  const all = inspectListed(engine, ["node", "ls", "--quiet"], ["node", "inspect"]) as Inspected[];
  const isReady = ({ Spec, Status }: Inspected) => Spec.Availability === "active" && Status.State === "ready";
  return {
    manager: Swarm.NodeID,
    nodes: all.filter(isReady).map(({ ID, Spec, Description: { Resources } }) => ({
      id: ID,
      ...sizeOf(Math.floor(Resources.NanoCPUs / 1e9), Resources.MemoryBytes),
      labels: Spec.Labels ?? {},
    })),
    away: all
      .filter((node) => !isReady(node))
      .map(({ ID, Spec, Description, Status }) => ({
        id: ID,
        name: Description.Hostname,
        isDown: Status.State !== "ready",
        labels: Spec.Labels ?? {},
      })),
  };
}
