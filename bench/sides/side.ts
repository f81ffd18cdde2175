import { startClock, until } from "../harness/clock";
import { Sample } from "../harness/measurement";
import { Place } from "./place";

/** A cluster with JupyterLab, ours or an alternative: brought up by a command, observed from outside. */
export interface Side extends Place {
  /** The address of the master's pages. */
  readonly masterUi: string;
  readonly jupyterlab: string;
  /** Runs the command that brings the cluster up as configured, until it returns. */
  up(): Promise<void>;
  /** Removes containers and network; data and images stay. */
  down(): Promise<void>;
  /** Sets the number of workers for the next `up`. */
  setWorkers(count: number): Promise<void>;
  /** Memory use of the workers' containers in MB, without file caches. */
  workerMemory(): Promise<number>;
}

/** Timeout of each wait in seconds; a working cluster needs less. */
const patience = 240;

interface MasterState {
  readonly workers: readonly { readonly state: string }[];
  readonly activeapps: readonly unknown[];
}

/** The master's state, read from its published port; undefined while it does not respond. */
async function masterState({ masterUi }: Side): Promise<MasterState | undefined> {
  try {
    const answer = await fetch(`${masterUi}/json/`, { signal: AbortSignal.timeout(2000) });
    return answer.ok ? ((await answer.json()) as MasterState) : undefined;
  } catch {
    return undefined;
  }
}

/** Waits until this number of workers is ALIVE at the master. */
export function untilRegistered(side: Side, workers: number, signal?: AbortSignal): Promise<void> {
  const registered = async () =>
    ((await masterState(side))?.workers ?? []).filter(({ state }) => state === "ALIVE").length === workers;
  return until(
    `${workers} workers are registered at ${side.masterUi}`,
    patience,
    registered,
    signal === undefined ? {} : { signal },
  );
}

/** Waits until no application holds an executor. */
export function untilIdle(side: Side): Promise<void> {
  return until("no application runs", patience, async () => (await masterState(side))?.activeapps.length === 0, { pause: 0.3 });
}

/** Waits until JupyterLab responds, because no notebook can be opened sooner. */
export function untilJupyterLabAnswers({ jupyterlab }: Side): Promise<void> {
  const answers = async () => {
    try {
      return (await fetch(`${jupyterlab}/api`, { signal: AbortSignal.timeout(2000) })).status < 500;
    } catch {
      return false;
    }
  };
  return until(`JupyterLab answers at ${jupyterlab}`, patience, answers);
}

/** Seconds from the command until all workers are registered, and, as another figure, until the command returned. */
export async function upUntilRegistered(side: Side, workers: number): Promise<Sample> {
  const failed = new AbortController();
  const clock = startClock();
  const up = side.up().then(clock, (error: unknown) => {
    failed.abort();
    throw error;
  });
  const registered = untilRegistered(side, workers, failed.signal).then(clock);
  // Wait for both, so the error of a failed command is reported, and not the missing master.
  const [command, workersThere] = await Promise.allSettled([up, registered]);
  if (command.status === "rejected") {
    throw command.reason;
  }
  if (workersThere.status === "rejected") {
    throw workersThere.reason;
  }
  return { value: workersThere.value, beside: { "s until the command returned": command.value } };
}

/** Runs a task that brings a cluster up, and tears it down afterwards: two clusters at once would slow each other down. */
export async function upOnce<T>(side: Side, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } finally {
    await side.down();
  }
}
