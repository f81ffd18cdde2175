import { ask, inspectListed } from "./cli";
import { Engine } from "./engine";

/** A machine of a swarm that takes containers. */
export interface SwarmNode {
  readonly id: string;
  readonly hostname: string;
  readonly cpus: number;
  /** In MiB. */
  readonly memory: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** What is asked of a swarm, once for each run of the program. */
export interface SwarmFacts {
  /** The id of the node that was asked, one of its managers. */
  readonly manager: string;
  /** Those that are there and take containers. */
  readonly nodes: readonly SwarmNode[];
}

/** An engine that answers, and is no manager of a swarm. */
export class NoManager extends Error {}

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

/** Whether an engine manages a swarm. @throws if it does not answer. */
export function managesSwarm(engine: Engine): boolean {
  return infoOf(engine).ControlAvailable;
}

function infoOf(engine: Engine): Info["Swarm"] {
  return (JSON.parse(ask(engine, "info", "--format", "{{json .}}")) as Info).Swarm;
}

/** Asks a manager which machines its swarm has. @throws if it does not answer; {@link NoManager} if it is none. */
export function askSwarm(engine: Engine): SwarmFacts {
  const Swarm = infoOf(engine);
  if (!Swarm.ControlAvailable) {
    throw new NoManager(
      Swarm.LocalNodeState === "active"
        ? `The engine at ${engine.host} is a worker of its swarm: name a manager, pulumi config set docker:host ...`
        : `The engine at ${engine.host} is in no swarm: docker swarm init there makes it one, pulumi config set target engine does without.`,
    );
  }
  const nodes = (inspectListed(engine, ["node", "ls", "--quiet"], ["node", "inspect"]) as Inspected[])
    .filter(({ Spec, Status }) => Spec.Availability === "active" && Status.State === "ready")
    .map(({ ID, Spec, Description: { Hostname, Resources } }) => ({
      id: ID,
      hostname: Hostname,
      cpus: Math.floor(Resources.NanoCPUs / 1e9),
      memory: Math.floor(Resources.MemoryBytes / 1024 / 1024),
      labels: Spec.Labels ?? {},
    }));
  return { manager: Swarm.NodeID, nodes };
}
