/** A test that was not run, because something that it needs had failed. The report counts it apart from the failures. */
export class NotRun extends Error {
  constructor(what: string) {
    super(`not run: ${what} failed`);
    this.name = "NotRun";
    this.stack = `${this.name}: ${this.message}`; // where it was thrown explains nothing
  }
}

/**
 * Something that several tests need. The first of them that asks makes it, and fails if that fails; the others are then not run.
 * `what` completes "not run: ... failed".
 */
export function shared<T>(what: string, make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    if (made === undefined) {
      made = make();
      return made;
    }
    return made.catch(() => {
      throw new NotRun(what);
    });
  };
}
