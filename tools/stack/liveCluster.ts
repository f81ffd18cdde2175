import { ask, inspectListed } from "../../engine/cli";
import { Engine } from "../../engine/engine";
import { labelled, labels } from "../../engine/labels";
import { aliveHosts, MasterState, masterState, waitUntilReady } from "../../engine/readiness";
import { isWanted, swarmMasterState, Task, tasksOf, unregistered, waitUntilSwarmReady, WatchedService } from "../../engine/swarm";
import { RoleName } from "../../roles/names";
import { clusterContainers, Place } from "./containers";

/** One line of `make status`: a container, or a task of a swarm. */
export interface Part {
  readonly name: string;
  readonly state: string;
  readonly up: boolean;
}

/** The current state of the cluster, on one engine or on a swarm. */
export interface LiveCluster {
  readonly parts: readonly Part[];
  /** JupyterLab's container, for `exec`; if there is none, a name that the client reports as an error. */
  readonly ide: string;
  /** @throws unless the master is ALIVE. */
  master(): MasterState;
  /** The running workers that the master does not report as ALIVE: names of containers, on a swarm addresses. */
  unregistered(state: MasterState): readonly string[];
  /** Waits until the whole cluster is ready. @throws with the reason if it is not. */
  untilReady(workers: readonly string[], seconds: number): Promise<void>;
}

/** Finds the stack's containers and services by their labels. */
export function liveCluster(place: Place): LiveCluster {
  const { engine, isOnSwarm } = place;
  const containers = clusterContainers(place);
  const nameOf = (role: RoleName) => {
    const its = containers.filter((container) => container.role === role);
    // A swarm keeps stopped containers alongside the running one.
    return (its.find(({ status }) => status === "running") ?? its[0])?.name ?? `(no ${role})`;
  };
  const standing = containers.map(({ name, status, health }) => ({
    name,
    state: health === undefined ? status : `${status}, ${health}`,
    up: status === "running" && health !== "unhealthy", // without systemd, it stays "starting" on Podman
  }));
  if (!isOnSwarm) {
    return {
      parts: standing,
      ide: nameOf("jupyterlab"),
      master: () => masterState(engine, nameOf("master")),
      unregistered: (state) => {
        const alive = aliveHosts(() => state);
        const running = containers.filter(({ role, status }) => role === "worker" && status === "running");
        return running.filter(({ hostname }) => !alive.includes(hostname)).map(({ name }) => name);
      },
      untilReady: (workers, timeout) => waitUntilReady({ engine, containers, workers, timeout }),
    };
  }
  const services = servicesOf(place);
  const gateway = nameOf("gateway");
  const tasks = tasksOf(
    engine,
    services.map(({ name }) => name),
  ).filter(isWanted);
  const workers = services.filter(({ role }) => role === "worker").map(({ id }) => id);
  return {
    parts: [...partsOf(engine, services, tasks), ...standing.filter(({ name }) => name === gateway)],
    ide: nameOf("jupyterlab"),
    master: () => swarmMasterState(engine, gateway),
    unregistered: (state) => {
      const running = tasks.filter(({ ServiceID, Status }) => workers.includes(ServiceID) && Status.State === "running");
      return unregistered(
        aliveHosts(() => state),
        running,
      );
    },
    untilReady: ({ length: workers }, timeout) => waitUntilSwarmReady({ engine, gateway, services, workers, timeout }),
  };
}

interface Service {
  readonly ID: string;
  readonly Spec: { readonly Name: string; readonly Labels: Readonly<Record<string, string>> };
}

/** The services that carry the stack's label. */
export function servicesOf({ name: stack, engine }: Place): (WatchedService & { readonly home: string | undefined })[] {
  const list = ["service", "ls", "--quiet", "--filter", labelled("stack", stack)];
  return (inspectListed(engine, list, ["service", "inspect"]) as Service[]).map(({ ID, Spec }) => ({
    id: ID,
    name: Spec.Name,
    role: Spec.Labels[labels.role] as RoleName,
    home: Spec.Labels[labels.home],
    revision: "",
  }));
}

/** A line for each container that a service has or should have, with its node. */
function partsOf(engine: Engine, services: readonly WatchedService[], tasks: readonly Task[]): Part[] {
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
