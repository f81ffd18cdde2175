/** What a wait comes to, `ready` or the reason why not, while the clock runs as fast as it can. */
export async function outcomeAtOnce(begin: () => Promise<void>): Promise<unknown> {
  jest.useFakeTimers();
  try {
    const outcome = begin().then(
      () => "ready",
      (reason: unknown) => reason,
    );
    await jest.runAllTimersAsync();
    return await outcome;
  } finally {
    jest.useRealTimers();
  }
}
