import { endDescendants } from "./descendants";

/** Seconds that taking one thing away may take. */
const patienceOfCleanup = 300;

interface Left {
  readonly what: string;
  readonly undo: () => Promise<void>;
}

/** What a measurement leaves behind, taken away when it is over, whatever came of it: the last thing first. */
export class Scratch {
  private readonly left: Left[] = [];
  private clearing: Promise<string[]> | undefined;

  later(what: string, undo: () => Promise<void>): void {
    this.left.push({ what, undo });
  }

  /** Returns what could not be taken away, in words. Who calls it while it works waits for the same end. */
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

/** Runs a task, and ends it with all processes that it began when it takes too long. */
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
