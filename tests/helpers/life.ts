import { readFileSync, writeFileSync } from "node:fs";

import { TestStack, TestStackOptions } from "../../testbed/testStack";
import { NotRun, shared } from "./notRun";

/**
 * A cluster that is changed step by step, in the order in which the steps are declared. A step that fails is followed by `make up`
 * with the configuration and the files of before it, so that the next steps fail for reasons of their own alone. Where that does not
 * bring the cluster back, the steps after it are not run.
 */
export class Life {
  private readonly failed = new Set<string>();
  private lost?: string;

  /** Its stack, made for the first step; it is not up yet. */
  readonly stack = shared("the stack", () => this.makeStack());

  /** `bringBack` follows a failed step in place of `make up`: where there is no cluster, nothing needs to. */
  constructor(
    private readonly options: TestStackOptions = {},
    private readonly bringBack: (stack: TestStack) => unknown = (stack) => stack.up(),
  ) {
    afterAll(() => TestStack.destroyAll());
  }

  protected makeStack(): Promise<TestStack> {
    return TestStack.make(this.options);
  }

  /** @throws NotRun where a step has failed. */
  need(step: string): void {
    if (this.failed.has(step)) {
      throw new NotRun(`"${step}"`);
    }
  }

  /** Declares a step. Between its name and its body are the steps that it needs; it is not run if one of those has failed. */
  step(name: string, ...rest: readonly [...needs: string[], body: (stack: TestStack) => Promise<void>]): void {
    const needs = rest.slice(0, -1) as string[];
    const body = rest.at(-1) as (stack: TestStack) => Promise<void>;
    test(name, async () => {
      const missing = this.lost ?? needs.find((each) => this.failed.has(each));
      if (missing !== undefined) {
        this.failed.add(name);
        throw new NotRun(`"${missing}"`);
      }
      const stack = await this.stack();
      const config = readFileSync(stack.file, "utf8");
      try {
        await body(stack);
      } catch (error) {
        this.failed.add(name);
        await this.restore(stack, config).catch(() => (this.lost = name));
        throw error;
      }
    });
  }

  private async restore(stack: TestStack, config: string): Promise<void> {
    await stack.git("checkout", "--", ".");
    writeFileSync(stack.file, config);
    await this.bringBack(stack);
  }
}
