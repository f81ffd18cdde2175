import { startClock, until } from "../harness/clock";
import { Sample } from "../harness/measurement";
import { Place } from "./place";

/** A cluster with JupyterLab, as its alternatives are too: brought up by a command, looked at from outside. */
export interface Side extends Place {
  /** Where the master's pages are. */
  readonly masterUi: string;
  readonly jupyterlab: string;
  /** The command that brings it up as it is configured, until it returns. */
  up(): Promise<void>;
  /** Takes containers and network away; data and images stay. */
  down(): Promise<void>;
  /** What the next `up` makes. */
  setWorkers(count: number): Promise<void>;
  /** MB that the workers' containers have in use, caches of files left out. */
  workerMemory(): Promise<number>;
}

/** Seconds in which a cluster that is to come at all has come. */
const patience = 240;

interface MasterState {
  readonly workers: readonly { readonly state: string }[];
  readonly activeapps: readonly unknown[];
}

/** What the master says at its published port; undefined while it does not answer. */
async function masterState({ masterUi }: Side): Promise<MasterState | undefined> {
  try {
    const answer = await fetch(`${masterUi}/json/`, { signal: AbortSignal.timeout(2000) });
    return answer.ok ? ((await answer.json()) as MasterState) : undefined;
  } catch {
    return undefined;
  }
}

/** Waits until the master counts this many workers as living ones. */
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

/** Waits until JupyterLab answers, as no notebook is opened sooner. */
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

/** Seconds from the command until all workers are registered; beside it, until the command returned. */
export async function upUntilRegistered(side: Side, workers: number): Promise<Sample> {
  const failed = new AbortController();
  const clock = startClock();
  const up = side.up().then(clock, (error: unknown) => {
    failed.abort();
    throw error;
  });
  const registered = untilRegistered(side, workers, failed.signal).then(clock);
  // Both are waited for, so that a command that failed says why, and not the master that nobody started.
  const [command, workersThere] = await Promise.allSettled([up, registered]);
  if (command.status === "rejected") {
    throw command.reason;
  }
  if (workersThere.status === "rejected") {
    throw workersThere.reason;
  }
  return { value: workersThere.value, beside: { "s until the command returned": command.value } };
}

/** Runs a task that brings a cluster up, and takes it down again: two at once would be in each other's way. */
export async function upOnce<T>(side: Side, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } finally {
    await side.down();
  }
}
