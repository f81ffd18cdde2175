import { ask, askInside, clientCommand, lastLines } from "./cli";
import { Engine } from "./engine";
import { tried } from "./tried";
import type { RoleName } from "../roles/names";

/** A container that has to run. */
export interface Watched {
  readonly name: string;
  readonly id: string;
  readonly role: RoleName;
  /** A command of its image that exits with 0 if the container works. */
  readonly healthcheck: string;
}

/** The arguments of {@link waitUntilReady}. */
export interface Expected {
  readonly engine: Engine;
  readonly containers: readonly Watched[];
  /** Host names of the workers. */
  readonly workers: readonly string[];
  /** Timeout in seconds. */
  readonly timeout: number;
}

/** The fields of the master's `/json/` that this program reads. */
export interface MasterState {
  readonly status: string;
  readonly workers: readonly {
    readonly host: string;
    readonly state: string;
    readonly cores: number;
    readonly coresused: number;
    /** The memory for executors' heaps, in MiB. */
    readonly memory: number;
    readonly memoryused: number;
  }[];
  readonly activeapps: readonly { readonly id: string; readonly name: string }[];
}

/**
 * Queries the master's state.
 *
 * @param workers how many workers the answer may wait for, two seconds at most
 * @throws an Error until the master is ALIVE.
 */
export function masterState(engine: Engine, master: string, workers = 0): MasterState {
  return JSON.parse(askInside(engine, master, "master-state", String(workers))) as MasterState;
}

/**
 * Waits until all containers run, the master reports all workers as ALIVE, and the health checks of the other roles pass. Fails
 * at once if a container exits or restarts, because it would fail again.
 *
 * @throws an Error with the last lines of the failed container; after the timeout, an Error with the missing workers or role.
 */
export async function waitUntilReady(expected: Expected): Promise<void> {
  const deadline = Date.now() + expected.timeout * 1000;
  const restarts = new Map<string, number>();
  // The master's state covers the master and the workers.
  const silent = new Set(expected.containers.filter(({ role }) => role !== "master" && role !== "worker"));
  for (;;) {
    failIfStopped(expected, restarts);
    const late = whatIsMissing(expected, silent);
    if (late === undefined) {
      return;
    }
    if (Date.now() > deadline) {
      const logs = expected.containers.map((container) => `  ${container.name}:\n${lastLines(expected.engine, container.id)}`);
      throw new Error(`after ${expected.timeout} s ${late}. What the containers wrote last:\n${logs.join("\n")}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/** The first thing that is not ready, in words; undefined if all is ready. Removes the containers that are healthy from `silent`. */
function whatIsMissing(expected: Expected, silent: Set<Watched>): string | undefined {
  const workers = missingWorkers(expected);
  if (workers.length > 0) {
    return `these workers are not registered with the master: ${workers.join(", ")}`;
  }
  for (const container of silent) {
    if (!isHealthy(expected, container)) {
      return `${container.role} does not answer`;
    }
    silent.delete(container);
  }
  return undefined;
}

function missingWorkers(expected: Expected): string[] {
  const master = expected.containers.find(({ role }) => role === "master");
  const alive = aliveHosts(() => masterState(expected.engine, master?.name ?? "(no master)", expected.workers.length));
  return expected.workers.filter((worker) => !alive.includes(worker));
}

/** The hosts of the workers that the master reports as ALIVE; none if it does not respond yet. */
export function aliveHosts(master: () => MasterState): string[] {
  return (tried(master)?.workers ?? []).filter(({ state }) => state === "ALIVE").map(({ host }) => host);
}

function isHealthy({ engine }: Expected, { name, healthcheck }: Watched): boolean {
  return tried(() => askInside(engine, name, healthcheck)) !== undefined;
}

function failIfStopped(expected: Expected, restarts: Map<string, number>): void {
  const ids = expected.containers.map((container) => container.id);
  const states = JSON.parse(ask(expected.engine, "inspect", ...ids)) as {
    RestartCount: number;
    State: { Status: string; ExitCode: number; OOMKilled: boolean };
  }[];
  states.forEach(({ RestartCount, State }, index) => {
    // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- inspect returns all containers, in the given order
    const container = expected.containers[index]!;
    const before = restarts.get(container.id) ?? RestartCount;
    restarts.set(container.id, RestartCount);
    if (State.Status === "paused") {
      const command = clientCommand(expected.engine, "unpause", container.name).join(" ");
      throw new Error(`container ${container.name} is paused: ${command}`);
    }
    if (State.Status !== "running" || RestartCount > before) {
      const cause = State.OOMKilled ? "ran out of memory" : `ended with exit code ${State.ExitCode}`;
      throw new Error(
        `container ${container.name} ${cause} instead of staying up. Its last lines:\n${lastLines(expected.engine, container.id)}`,
      );
    }
  });
}
