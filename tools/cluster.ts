import { ask, inspectListed } from "../engine/cli";
import { Engine } from "../engine/engine";
import { MasterState, masterState, waitUntilReady } from "../engine/readiness";
import { RoleName } from "../roles/names";
import { isWanted, swarmMasterState, tasksOf, waitUntilSwarmReady, WatchedService } from "../engine/swarm";
import { clusterContainers, stack } from "./stack";
import { labelled, labels } from "../engine/labels";

/** One line of what there is. */
export interface Part {
  readonly name: string;
  readonly state: string;
  readonly up: boolean;
}

/** The cluster as it stands, on one engine or on a swarm. */
export interface LiveCluster {
  readonly parts: readonly Part[];
  /** The container of JupyterLab, for commands that reach into it; what the client calls an error where there is none. */
  readonly ide: string;
  /** @throws until the master is ALIVE. */
  master(): MasterState;
  /** Waits until all of it is of use. @throws with why it is not. */
  untilReady(workers: readonly string[], seconds: number): Promise<void>;
}

/** What the stack has, by the labels that it left. */
export function liveCluster(engine: Engine, onSwarm: boolean): LiveCluster {
  const containers = clusterContainers(engine);
  const nameOf = (role: RoleName) => {
    const its = containers.filter((container) => container.role === role);
    // A swarm keeps those that ended beside the one that runs.
    return (its.find(({ status }) => status === "running") ?? its[0])?.name ?? `(no ${role})`;
  };
  const standing = containers.map(({ name, status, health }) => ({
    name,
    state: health === undefined ? status : `${status}, ${health}`,
    up: status === "running",
  }));
  if (!onSwarm) {
    return {
      parts: standing,
      ide: nameOf("jupyterlab"),
      master: () => masterState(engine, nameOf("master")),
      untilReady: (workers, timeout) => waitUntilReady({ engine, containers, workers, timeout }),
    };
  }
  const services = servicesOf(engine);
  const gateway = nameOf("gateway");
  return {
    parts: [...partsOf(engine, services), ...standing.filter(({ name }) => name === gateway)],
    ide: nameOf("jupyterlab"),
    master: () => swarmMasterState(engine, gateway),
    untilReady: ({ length: workers }, timeout) => waitUntilSwarmReady({ engine, gateway, services, workers, timeout }),
  };
}

interface Service {
  readonly ID: string;
  readonly Spec: { readonly Name: string; readonly Labels: Readonly<Record<string, string>> };
}

/** The services that carry the stack's label. */
export function servicesOf(engine: Engine): (WatchedService & { readonly home: string | undefined })[] {
  const list = ["service", "ls", "--quiet", "--filter", labelled("stack", stack)];
  return (inspectListed(engine, list, ["service", "inspect"]) as Service[]).map(({ ID, Spec }) => ({
    id: ID,
    name: Spec.Name,
    role: Spec.Labels[labels.role] as RoleName,
    home: Spec.Labels[labels.home],
    revision: "",
  }));
}

/** A line for each container that a service has or wants, with the node that it is on. */
function partsOf(engine: Engine, services: readonly WatchedService[]): Part[] {
  const tasks =
    services.length === 0
      ? []
      : tasksOf(
          engine,
          services.map(({ name }) => name),
        ).filter(isWanted);
  const nodes = new Map<string, string>();
  const nodeOf = (id: string) => {
    const name = nodes.get(id) ?? ask(engine, "node", "inspect", "--format", "{{.Description.Hostname}}", id).trim();
    nodes.set(id, name);
    return name;
  };
  return tasks.map(({ ServiceID, NodeID, Status }) => ({
    name: services.find(({ id }) => id === ServiceID)?.name ?? ServiceID,
    state: `${Status.State}${NodeID === undefined ? "" : ` on ${nodeOf(NodeID)}`}${Status.Err === undefined ? "" : `: ${Status.Err}`}`,
    up: Status.State === "running",
  }));
}
