import { ask, askInside, inspectListed, lastLines } from "./cli";
import { Engine } from "./engine";
import { aliveHosts, MasterState } from "./readiness";
import type { RoleName } from "../roles/names";

/** A service that has to converge. */
export interface WatchedService {
  readonly name: string;
  readonly id: string;
  readonly role: RoleName;
  /** Changes when the service's inputs change. */
  readonly revision: string;
}

/** The arguments of {@link waitUntilSwarmReady}. */
export interface ExpectedOnSwarm {
  /** A manager. */
  readonly engine: Engine;
  /** The container on that manager through which the master's state is queried. */
  readonly gateway: string;
  readonly services: readonly WatchedService[];
  /** The number of workers, for a service with one worker on each node. */
  readonly workers: number;
  /** Timeout in seconds. */
  readonly timeout: number;
}

/** The compared fields of the specification of a service's containers. */
interface TaskSpec {
  readonly ContainerSpec: unknown;
  readonly Resources?: unknown;
}

/** The fields of a task that this program reads. A task is a past, running or planned container of a service. */
export interface Task {
  readonly ID: string;
  readonly ServiceID: string;
  readonly NodeID?: string;
  readonly DesiredState: string;
  readonly Status: {
    readonly State: string;
    readonly Timestamp: string;
    readonly Err?: string;
  };
  readonly Spec: TaskSpec;
  readonly NetworksAttachments?: readonly { readonly Addresses?: readonly string[] | null }[] | null;
}

interface Service {
  readonly ID: string;
  readonly UpdatedAt: string;
  readonly UpdateStatus?: { readonly State?: string; readonly Message?: string };
  readonly Spec: {
    readonly TaskTemplate: TaskSpec;
    readonly Mode: { readonly Replicated?: { readonly Replicas: number } };
  };
}

/** Queries the master's state. @throws an Error until the master is ALIVE. */
export function swarmMasterState(engine: Engine, gateway: string): MasterState {
  return JSON.parse(askInside(engine, gateway, "cluster-state")) as MasterState;
}

/** The tasks of services: past, running and planned. */
export function tasksOf(engine: Engine, services: readonly string[]): readonly Task[] {
  const list = ["service", "ps", "--quiet", "--no-trunc", ...services];
  return services.length === 0 ? [] : (inspectListed(engine, list, ["inspect", "--type", "task"]) as Task[]);
}

/**
 * Waits until all services have converged, no update is in progress, and the master reports all running workers as ALIVE. Fails
 * if a container of a service has failed twice, because it would fail again, or has waited for room that nothing will free.
 *
 * @throws an Error with the last lines of the failed container, or why no node takes it; after the timeout, an Error with the first
 * thing that is missing.
 */
export async function waitUntilSwarmReady(expected: ExpectedOnSwarm): Promise<void> {
  const deadline = Date.now() + expected.timeout * 1000;
  const homeless: Homeless = new Map();
  for (;;) {
    const late = whatIsMissing(expected, homeless);
    if (late === undefined) {
      return;
    }
    if (Date.now() > deadline) {
      throw new Error(`after ${expected.timeout} s ${late}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** Id of a task -> when it was first found to have no node. By this machine's clock: that of the manager may differ. */
type Homeless = Map<string, number>;

/** The first thing that is not ready, in words; undefined if all is ready. @throws an Error if waiting is pointless. */
function whatIsMissing({ engine, gateway, services, workers: count }: ExpectedOnSwarm, homeless: Homeless): string | undefined {
  const tasks = tasksOf(
    engine,
    services.map(({ name }) => name),
  );
  const inspected = JSON.parse(ask(engine, "service", "inspect", ...services.map(({ id }) => id))) as Service[];
  const tasksFor = (service: string) => tasks.filter((task) => task.ServiceID === service);
  const inspectedOf = (service: string) => inspected.find(({ ID }) => ID === service);
  const late = services.flatMap(({ name, id }) => {
    const what = whatIsLate(name, inspectedOf(id), tasksFor(id), count);
    return what === undefined ? [] : [{ name, id, what }];
  });
  // Checks all late services before waiting for one: a service may wait for another that fails.
  for (const { name, id } of late) {
    failIfStuck(engine, name, inspectedOf(id), tasksFor(id));
  }
  failIfHomeless(services, inspected, tasks, homeless);
  const [first] = late;
  if (first !== undefined) {
    return first.what;
  }
  const workers = services.filter(({ role }) => role === "worker").map(({ id }) => id);
  const unknown = unregistered(
    aliveHosts(() => swarmMasterState(engine, gateway)),
    tasks.filter((task) => workers.includes(task.ServiceID) && task.DesiredState === "running"),
  );
  return unknown.length === 0
    ? undefined
    : `workers at these addresses are not registered with the master: ${unknown.join(", ")}`;
}

/** Whether the swarm wants a task to run, now or as soon as its predecessor has ended. */
export function isWanted({ DesiredState }: Task): boolean {
  return DesiredState === "running" || DesiredState === "ready";
}

/** Why a service has not converged, in words; undefined if it has. Earlier failures of a converged service do not matter. */
function whatIsLate(name: string, service: Service | undefined, tasks: readonly Task[], workers: number): string | undefined {
  const wanted = tasks.filter(isWanted);
  const missing = wanted.filter((task) => task.Status.State !== "running");
  const count = service?.Spec.Mode.Replicated?.Replicas ?? workers;
  if (wanted.length !== count || wanted.some((task) => !isUpToDate(task, service))) {
    return `${name} has ${wanted.length} containers where ${count} are wanted, or some that are as they were before`;
  }
  if (missing.length > 0) {
    const why = missing.map(({ Status }) => Status.Err ?? Status.State);
    return `${name} has ${missing.length} of ${wanted.length} containers that do not run yet: ${[...new Set(why)].join(", ")}`;
  }
  return service?.UpdateStatus?.State === "updating" ? `${name} is being updated` : undefined;
}

/** Whether a task was created from the service's current specification. */
function isUpToDate(task: Task, service: Service | undefined): boolean {
  const compared = ({ ContainerSpec, Resources }: TaskSpec) => JSON.stringify([ContainerSpec, Resources]);
  return service === undefined || compared(task.Spec) === compared(service.Spec.TaskTemplate);
}

function failIfStuck(engine: Engine, name: string, service: Service | undefined, tasks: readonly Task[]): void {
  const since = service?.UpdatedAt ?? "";
  const failed = tasks
    .filter(({ Status }) => ["failed", "rejected"].includes(Status.State))
    .sort((one, other) => Date.parse(one.Status.Timestamp) - Date.parse(other.Status.Timestamp));
  const recent = failed.filter(({ Status }) => Date.parse(Status.Timestamp) > Date.parse(since));
  // Pausing an update changes UpdatedAt, too, so the failure that paused it is not in `recent`.
  const paused = service?.UpdateStatus?.State === "paused";
  const last = failed.at(-1);
  if (last !== undefined && (recent.length > 1 || paused)) {
    const lines = lastLines(engine, last.ID, ["service", "logs", "--raw"]);
    const why = last.Status.Err ?? last.Status.State;
    // The registry's answer is in no report of a swarm.
    const lookAt = why.includes("No such image")
      ? "Each node pulls it itself: does the registry need a login (registryUser, registryPassword), and does the node trust its certificate? "
      : "";
    throw new Error(
      `service ${name} does not stay up: ${why}. ${lookAt}` +
        `${paused ? "Its update was stopped there, and the rest runs as before. " : ""}Its last lines:\n${lines}`,
    );
  }
}

/**
 * Fails if a container has had no node for a minute. The time begins again while room may become free: an update goes on, or
 * containers are ending. An update whose own container has no node does not go on.
 */
function failIfHomeless(
  services: readonly WatchedService[],
  inspected: readonly Service[],
  tasks: readonly Task[],
  homeless: Homeless,
): void {
  // The scheduler alone gives pending tasks an error: "no suitable node (...)", or only the reason where it has to be a certain node.
  const pending = tasks.flatMap((task) => {
    const { State, Err = "" } = task.Status;
    return isWanted(task) && State === "pending" && Err !== "" ? [{ task: task.ID, service: task.ServiceID, why: Err }] : [];
  });
  const goesOn = inspected.some(
    ({ ID, UpdateStatus }) => UpdateStatus?.State === "updating" && !pending.some(({ service }) => service === ID),
  );
  const holding = ["assigned", "accepted", "preparing", "ready", "starting", "running"];
  const mayChange = goesOn || tasks.some((task) => !isWanted(task) && holding.includes(task.Status.State));
  const since = new Map(homeless);
  homeless.clear();
  for (const { task, service, why } of mayChange ? [] : pending) {
    const began = since.get(task) ?? Date.now();
    homeless.set(task, began);
    if (Date.now() - began >= 60_000) {
      const names = services.filter(({ id }) => id === service).map(({ name }) => name);
      throw new Error(`no node has taken a container of service ${names.join()} for 60 s: ${why}`);
    }
  }
}

/** Addresses of the containers of workers that are not among the hosts that the master reports as ALIVE. */
export function unregistered(alive: readonly string[], tasks: readonly Task[]): string[] {
  const addresses = tasks.map(
    (task) =>
      task.NetworksAttachments?.flatMap(({ Addresses }) => Addresses ?? [])
        .at(0)
        ?.replace(/\/.*/, "") ?? "",
  );
  return addresses.filter((address) => !alive.includes(address));
}
