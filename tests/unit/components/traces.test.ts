import { withShortTraces } from "../../../components/traces";

const framesOf = (error: Error) => (error.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));

test("what is made meanwhile has short traces, and what comes after it whole ones", () => {
  const before = Error.stackTraceLimit;
  const frames = framesOf(withShortTraces(() => new Error("short")));
  expect(frames).toHaveLength(2);
  expect(frames[0]).toContain("traces.test.ts");
  expect(Error.stackTraceLimit).toBe(before);
});

test("an error on the way comes out of it, and later ones have whole traces", () => {
  const before = Error.stackTraceLimit;
  const error = new Error("on the way");
  const fails = () =>
    withShortTraces(() => {
      throw error;
    });
  expect(fails).toThrow(error);
  expect(Error.stackTraceLimit).toBe(before);
});

test("who looks for promises that nobody waited for has whole ones", () => {
  process.env.PULUMI_DEBUG_PROMISE_LEAKS = "true";
  try {
    expect(framesOf(withShortTraces(() => new Error("whole"))).length).toBeGreaterThan(2);
  } finally {
    delete process.env.PULUMI_DEBUG_PROMISE_LEAKS;
  }
});
