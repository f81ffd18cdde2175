import { TestStack, TestStackOptions } from "../../testbed/testStack";
import { NotRun, shared } from "./notRun";
import { ProcessWatch } from "./processes";

/**
 * A cluster that stays as it is while tests look at it. It comes up for the first of them, and goes when the last of the file has run.
 * A promise is a function that declares tests of a cluster; which cluster that is, the files in core/ and extended/ decide.
 */
export class Cluster {
  private made?: TestStack;
  private watched: readonly string[] = [];
  private readonly starts: (() => Promise<unknown>)[] = [];
  private begun: readonly Promise<unknown>[] = [];

  /** Brings it up with `make up`; what that printed. */
  readonly up: () => Promise<string> = shared("make up", async () => {
    const stack = await TestStack.make(this.options);
    const watch = new ProcessWatch();
    const output = await stack.up().finally(() => (this.watched = watch.close()));
    this.made = stack;
    this.begun = this.starts.map((start) => start());
    return output;
  });

  constructor(private readonly options: TestStackOptions = {}) {
    afterAll(async () => {
      await Promise.allSettled(this.begun); // those that no test has waited for hold on to the cluster
      await TestStack.destroyAll();
    });
  }

  /** Whether it runs Spark 3, which warns of more. */
  get hasSpark3(): boolean {
    return (this.options.config?.sparkVersion ?? "").startsWith("3.");
  }

  /** @throws before it is up. */
  get stack(): TestStack {
    if (this.made === undefined) {
      throw new NotRun("make up");
    }
    return this.made;
  }

  /** Every word of a command line or an environment that this machine's process list showed during `make up`. */
  get processWords(): readonly string[] {
    return this.watched;
  }

  /** Declares a test of the cluster. */
  test(name: string, body: (stack: TestStack) => Promise<void> | void): void {
    test(name, async () => {
      await this.up();
      await body(this.stack);
    });
  }

  /** Something that several tests look at, made for the first of them. `what` completes "not run: ... failed". */
  shared<T>(what: string, make: (stack: TestStack) => Promise<T>): () => Promise<T> {
    return shared(what, async () => {
      await this.up();
      return make(this.stack);
    });
  }

  /** As {@link shared}, but begun as soon as the cluster is up, for what mostly waits. */
  early<T>(what: string, make: (stack: TestStack) => Promise<T>): () => Promise<T> {
    let begun: Promise<T> | undefined;
    this.starts.push(() => {
      begun = make(this.stack);
      begun.catch(() => undefined); // its tests look at it
      return begun;
    });
    return shared(what, async () => {
      await this.up();
      return begun ?? make(this.stack);
    });
  }
}
