import { withoutTraces } from "../../../components/traces";

const framesOf = (error: Error) => (error.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));

test("what is made meanwhile has no traces, and what comes after it whole ones", () => {
  const before = Error.stackTraceLimit;
  expect(framesOf(withoutTraces(() => new Error("bare")))).toEqual([]);
  expect(Error.stackTraceLimit).toBe(before);
});

test.each([
  ["from before keeps its trace", new Error("from before"), /^ {4}at /m],
  [
    "of its own making says how to get one",
    undefined,
    /^Error: on the way\n {4}\(PULUMI_DEBUG_PROMISE_LEAKS=true tells where\)$/,
  ],
])("an error on the way comes out of it: one %s", (_which, given, stack) => {
  const before = Error.stackTraceLimit;
  let thrown: unknown;
  try {
    withoutTraces(() => {
      throw given ?? new Error("on the way");
    });
  } catch (error) {
    thrown = error;
  }
  expect((thrown as Error).stack).toMatch(stack);
  expect(Error.stackTraceLimit).toBe(before);
});

test("who looks for promises that nobody waited for has whole ones", () => {
  jest.replaceProperty(process, "env", { ...process.env, PULUMI_DEBUG_PROMISE_LEAKS: "true" });
  expect(framesOf(withoutTraces(() => new Error("whole"))).length).toBeGreaterThan(2);
});
