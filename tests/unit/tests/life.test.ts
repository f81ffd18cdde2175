import { readFileSync } from "node:fs";
import { join } from "node:path";

import { TestStack } from "../../../testbed/testStack";
import { Life } from "../../helpers/life";
import { temporaryFolder, write } from "../helpers/folders";

/** Declares steps on a stack that is a file alone, runs them in order, and returns how each ended. */
async function run(declare: (life: Life) => void, bringBack: () => Promise<void> = () => Promise.resolve()) {
  const file = join(temporaryFolder(), "Pulumi.test.yaml");
  write(file, "before");
  const git = jest.fn(() => Promise.resolve(""));
  jest.spyOn(TestStack, "make").mockResolvedValue({ file, git } as unknown as TestStack);
  const bodies: (readonly [string, () => Promise<void>])[] = [];
  const noteStep = (name: string, body: () => Promise<void>) => bodies.push([name, body]);
  jest.spyOn(globalThis, "test").mockImplementation(noteStep as never);
  jest.spyOn(globalThis, "afterAll").mockReturnValue(undefined);
  declare(new Life({}, bringBack));
  const ends: Record<string, string> = {};
  for (const [name, body] of bodies) {
    ends[name] = await body().then(
      () => "passed",
      (error: unknown) => (error as Error).message,
    );
  }
  return { ends, file: readFileSync(file, "utf8"), git };
}

const passes = () => Promise.resolve();
const breaks = async (stack: TestStack) => {
  write(stack.file, "changed");
  throw new Error("it broke");
};

test("after a failed step, configuration and files are as before it, and the next steps run but for those that need it", async () => {
  const { ends, file, git } = await run((life) => {
    life.step("one", breaks);
    life.step("needs one", "one", passes);
    life.step("needs what needs one", "needs one", passes);
    life.step("alone", passes);
  });
  expect(ends).toEqual({
    one: "it broke",
    "needs one": 'not run: "one" failed',
    "needs what needs one": 'not run: "needs one" failed',
    alone: "passed",
  });
  expect(file).toBe("before");
  expect(git).toHaveBeenCalledWith("checkout", "--", ".");
});

test("no step runs once the cluster cannot be brought back", async () => {
  const { ends } = await run(
    (life) => {
      life.step("one", breaks);
      life.step("alone", passes);
    },
    () => Promise.reject(new Error("it is lost")),
  );
  expect(ends).toEqual({ one: "it broke", alone: 'not run: "one" failed' });
});
