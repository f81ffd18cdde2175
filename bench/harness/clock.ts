/** Starts a clock; the returned function gives the seconds since then. */
export function startClock(): () => number {
  const begin = process.hrtime.bigint();
  return () => Number(process.hrtime.bigint() - begin) / 1e9;
}

/** Runs a task, and returns the seconds that it took. */
export async function secondsOf(task: () => Promise<unknown>): Promise<number> {
  const clock = startClock();
  await task();
  return clock();
}

/** Polls until a condition holds. @throws if it does not hold within some seconds, or if the signal is given. */
export async function until(
  what: string,
  seconds: number,
  holds: () => Promise<boolean>,
  options: { readonly pause?: number; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const clock = startClock();
  while (!(await holds())) {
    if (clock() > seconds || options.signal?.aborted === true) {
      throw new Error(`after ${Math.round(clock())} s, not yet: ${what}`);
    }
    await pause(options.pause ?? 0.05);
  }
}

export function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
