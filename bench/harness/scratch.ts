import { endDescendants } from "./descendants";

/** Timeout in seconds for the removal of one resource. */
const patienceOfCleanup = 300;

interface Left {
  readonly what: string;
  readonly undo: () => Promise<void>;
}

/** The resources of a measurement, removed at its end even if it failed, in reverse order. */
export class Scratch {
  private readonly left: Left[] = [];
  private clearing: Promise<string[]> | undefined;

  later(what: string, undo: () => Promise<void>): void {
    this.left.push({ what, undo });
  }

  /** Removes everything, and returns the failures as text. A call during another call waits for the same end. */
  clear(): Promise<string[]> {
    this.clearing ??= this.clearAll().finally(() => {
      this.clearing = undefined;
    });
    return this.clearing;
  }

  private async clearAll(): Promise<string[]> {
    const failures: string[] = [];
    for (let last = this.left.pop(); last !== undefined; last = this.left.pop()) {
      try {
        await within(patienceOfCleanup, last.what, last.undo);
      } catch (error) {
        failures.push(`${last.what}: ${wordsOf(error)}`);
      }
    }
    return failures;
  }
}

/** Runs a task, and kills it with all its processes if it takes too long. */
export async function within<T>(seconds: number, what: string, task: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`${what} was ended after ${seconds} s`));
      endDescendants(process.pid);
    }, seconds * 1000);
  });
  try {
    return await Promise.race([task(), late]);
  } finally {
    clearTimeout(timer);
  }
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
