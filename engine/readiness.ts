import { ask, askInside, lastLogLines } from "./cli";
import { Engine } from "./engine";
import type { RoleName } from "../roles/names";

/** A container that has to be up. */
export interface Watched {
  readonly name: string;
  readonly id: string;
  readonly role: RoleName;
  /** The command of its image that ends with 0 if it does its work. */
  readonly healthcheck: string;
}

/** What to wait for. */
export interface Expected {
  readonly engine: Engine;
  readonly containers: readonly Watched[];
  /** Host names of the workers. */
  readonly workers: readonly string[];
  /** Seconds until it is given up. */
  readonly timeout: number;
}

/** The part of the master's `/json/` that is read here. */
export interface MasterState {
  readonly status: string;
  readonly workers: readonly {
    readonly host: string;
    readonly state: string;
    readonly cores: number;
    readonly coresused: number;
  }[];
  readonly activeapps: readonly { readonly id: string; readonly name: string }[];
}

/** Asks the master how the cluster is. @throws until it is ALIVE. */
export function masterState(engine: Engine, master: string): MasterState {
  return JSON.parse(askInside(engine, master, "master-state")) as MasterState;
}

/**
 * Waits until every container runs, the master counts every worker as ALIVE, and all others are of use by their own word. Ends at once
 * when a container exits or restarts: what fails at its start fails again.
 *
 * @throws an Error with the last lines of the container that failed, or with who is missing when time is up.
 */
export async function waitUntilReady(expected: Expected): Promise<void> {
  const deadline = Date.now() + expected.timeout * 1000;
  const restarts = new Map<string, number>();
  for (;;) {
    failIfStopped(expected, restarts);
    const late = whatIsMissing(expected);
    if (late === undefined) {
      return;
    }
    if (Date.now() > deadline) {
      const logs = expected.containers.map((container) => `  ${container.name}:\n${lastLines(expected.engine, container)}`);
      throw new Error(`after ${expected.timeout} s ${late}. What the containers wrote last:\n${logs.join("\n")}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/** What is not as it should be yet, in words; undefined for nothing. */
function whatIsMissing(expected: Expected): string | undefined {
  const workers = missingWorkers(expected);
  if (workers.length > 0) {
    return `these workers are not registered with the master: ${workers.join(", ")}`;
  }
  // The master has just told what it and the workers would say of themselves.
  const silent = expected.containers.find(
    (container) => !["master", "worker"].includes(container.role) && !isOfUse(expected, container),
  );
  return silent === undefined ? undefined : `${silent.role} does not answer`;
}

function missingWorkers(expected: Expected): string[] {
  const master = expected.containers.find(({ role }) => role === "master");
  try {
    const alive = masterState(expected.engine, master?.name ?? "(no master)").workers.filter(
      (worker) => worker.state === "ALIVE",
    );
    const hosts = new Set(alive.map((worker) => worker.host));
    return expected.workers.filter((worker) => !hosts.has(worker));
  } catch {
    return [...expected.workers]; // the master does not answer yet
  }
}

function isOfUse({ engine }: Expected, { name, healthcheck }: Watched): boolean {
  try {
    askInside(engine, name, healthcheck);
    return true;
  } catch {
    return false;
  }
}

function failIfStopped(expected: Expected, restarts: Map<string, number>): void {
  const ids = expected.containers.map((container) => container.id);
  const states = JSON.parse(ask(expected.engine, "inspect", ...ids)) as {
    RestartCount: number;
    State: { Status: string; ExitCode: number; OOMKilled: boolean };
  }[];
  states.forEach(({ RestartCount, State }, index) => {
    // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- inspect answers for each container, in the order asked
    const container = expected.containers[index]!;
    const before = restarts.get(container.id) ?? RestartCount;
    restarts.set(container.id, RestartCount);
    if (State.Status !== "running" || RestartCount > before) {
      const cause = State.OOMKilled ? "ran out of memory" : `ended with exit code ${State.ExitCode}`;
      throw new Error(
        `container ${container.name} ${cause} instead of staying up. Its last lines:\n${lastLines(expected.engine, container)}`,
      );
    }
  });
}

function lastLines(engine: Engine, container: Watched): string {
  return lastLogLines(engine, container.id, 20).replace(/^/gm, "    ");
}
