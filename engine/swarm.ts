import { ask, askInside, inspectListed, lastServiceLines } from "./cli";
import { Engine } from "./engine";
import { MasterState } from "./readiness";
import type { RoleName } from "../roles/names";

/** A service that has to be as it is wanted. */
export interface WatchedService {
  readonly name: string;
  readonly id: string;
  readonly role: RoleName;
  /** Another one whenever the service was told something else. */
  readonly revision: string;
}

/** What to wait for. */
export interface ExpectedOnSwarm {
  /** A manager. */
  readonly engine: Engine;
  /** The container on that manager from which the master can be asked. */
  readonly gateway: string;
  readonly services: readonly WatchedService[];
  /** How many workers there are to be, where their service says no number: one on each node. */
  readonly workers: number;
  /** Seconds until it is given up. */
  readonly timeout: number;
}

/** What a container of a service is to be, as far as it is compared. */
interface TaskSpec {
  readonly ContainerSpec: unknown;
  readonly Resources?: unknown;
}

/** A container that a swarm runs, wants to run or ran for a service, as far as it is looked at here. */
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

/** Asks the master how the cluster is. @throws until it is ALIVE. */
export function swarmMasterState(engine: Engine, gateway: string): MasterState {
  return JSON.parse(askInside(engine, gateway, "cluster-state")) as MasterState;
}

/** What a swarm has done and wants to do for some services. */
export function tasksOf(engine: Engine, services: readonly string[]): readonly Task[] {
  const list = ["service", "ps", "--quiet", "--no-trunc", ...services];
  return inspectListed(engine, list, ["inspect", "--type", "task"]) as Task[];
}

/**
 * Waits until every service is as it is wanted, none in the middle of an update, and the master counts the workers that run as ALIVE.
 * Ends when a container of a service has failed twice: it will again.
 *
 * @throws an Error with the last lines of the container that failed, or with what is missing when time is up.
 */
export async function waitUntilSwarmReady(expected: ExpectedOnSwarm): Promise<void> {
  const deadline = Date.now() + expected.timeout * 1000;
  for (;;) {
    const late = whatIsMissing(expected);
    if (late === undefined) {
      return;
    }
    if (Date.now() > deadline) {
      throw new Error(`after ${expected.timeout} s ${late}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** What is not as it should be yet, in words; undefined for nothing. @throws for what will not become so. */
function whatIsMissing({ engine, gateway, services, workers: count }: ExpectedOnSwarm): string | undefined {
  const tasks = tasksOf(
    engine,
    services.map(({ name }) => name),
  );
  const told = JSON.parse(ask(engine, "service", "inspect", ...services.map(({ id }) => id))) as Service[];
  const tasksFor = (service: string) => tasks.filter((task) => task.ServiceID === service);
  const toldOf = (service: string) => told.find(({ ID }) => ID === service);
  const late = services.flatMap(({ name, id }) => {
    const what = whatIsLate(name, toldOf(id), tasksFor(id), count);
    return what === undefined ? [] : [{ name, id, what }];
  });
  // All of them, before any is waited for: what one waits for may be what fails.
  for (const { name, id } of late) {
    failIfStuck(engine, name, toldOf(id), tasksFor(id));
  }
  const [first] = late;
  if (first !== undefined) {
    return first.what;
  }
  const workers = services.filter(({ role }) => role === "worker").map(({ id }) => id);
  const unknown = unregistered(
    engine,
    gateway,
    tasks.filter((task) => workers.includes(task.ServiceID) && task.DesiredState === "running"),
  );
  return unknown.length === 0
    ? undefined
    : `workers at these addresses are not registered with the master: ${unknown.join(", ")}`;
}

/** Whether the swarm wants a container to run, now or as soon as another has ended. */
export function isWanted({ DesiredState }: Task): boolean {
  return DesiredState === "running" || DesiredState === "ready";
}

/** The same of one service. What failed of one that is as it is wanted is over, however often it did. */
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

/** Whether a container was made from what the service is now. */
function isUpToDate(task: Task, service: Service | undefined): boolean {
  const known = ({ ContainerSpec, Resources }: TaskSpec) => JSON.stringify([ContainerSpec, Resources]);
  return service === undefined || known(task.Spec) === known(service.Spec.TaskTemplate);
}

function failIfStuck(engine: Engine, name: string, service: Service | undefined, tasks: readonly Task[]): void {
  const since = service?.UpdatedAt ?? "";
  const failed = tasks
    .filter(({ Status }) => ["failed", "rejected"].includes(Status.State))
    .sort((one, other) => Date.parse(one.Status.Timestamp) - Date.parse(other.Status.Timestamp));
  const recent = failed.filter(({ Status }) => Date.parse(Status.Timestamp) > Date.parse(since));
  // The service is written to when its update is stopped, too.
  const paused = service?.UpdateStatus?.State === "paused";
  const last = failed.at(-1);
  if (last !== undefined && (recent.length > 1 || paused)) {
    throw new Error(
      `service ${name} does not stay up: ${last.Status.Err ?? last.Status.State}. ` +
        `${paused ? "Its update was stopped there, and the rest runs as before. " : ""}Its last lines:\n${lastLines(engine, last)}`,
    );
  }
}

/** Addresses of workers that run and that the master does not count as ALIVE. */
function unregistered(engine: Engine, gateway: string, tasks: readonly Task[]): string[] {
  const addresses = tasks.map(
    (task) =>
      task.NetworksAttachments?.flatMap(({ Addresses }) => Addresses ?? [])
        .at(0)
        ?.replace(/\/.*/, "") ?? "",
  );
  try {
    const alive = swarmMasterState(engine, gateway).workers.filter(({ state }) => state === "ALIVE");
    return addresses.filter((address) => !alive.some(({ host }) => host === address));
  } catch {
    return addresses; // the master does not answer yet
  }
}

function lastLines(engine: Engine, task: Task): string {
  return lastServiceLines(engine, task.ID, 20).replace(/^/gm, "    ");
}
