/** Prints what a test did or saw. */
export function tell(line: string): void {
  process.stderr.write(`    ${line}\n`);
}

/** Calls `look` until it returns something, and returns that. @throws if it returns nothing within some seconds. */
export async function until<T>(
  what: string,
  seconds: number,
  look: () => Promise<T> | T,
): Promise<Exclude<T, false | undefined>> {
  const begin = Date.now();
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) {
      tell(`${what}: after ${((Date.now() - begin) / 1000).toFixed(1)} s`);
      return seen as Exclude<T, false | undefined>;
    }
    if (Date.now() - begin > seconds * 1000) {
      throw new Error(`not within ${seconds} s: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
