import { Measurement, Sides } from "../../../bench/harness/measurement";
import { measure } from "../../../bench/harness/pairs";
import { Scratch } from "../../../bench/harness/scratch";

/** Runs a measurement of a test's own, and notes in which order things happened. */
async function measured(sides: (happened: string[]) => Sides, rest: Partial<Measurement> = {}, pairs?: number) {
  const happened: string[] = [];
  const measurement: Measurement = {
    ...{ name: "one", what: "", against: "", unit: "s", targets: [], pairs: 3, patience: 5 },
    setup: async (scratch) => {
      scratch.later("first", async () => void happened.push("undo first"));
      scratch.later("second", async () => void happened.push("undo second"));
      return sides(happened);
    },
    ...rest,
  };
  const outcome = await measure(measurement, { commit: "abc", pairs, say: () => undefined, scratch: new Scratch() });
  return { outcome, happened };
}

const noting = (happened: string[]): Sides => ({
  ours: async () => ({ value: happened.push("ours") }),
  theirs: async () => ({ value: happened.push("theirs") }),
});

const undone = ["undo second", "undo first"];

test("every second pair is run in the other order, and what was made is taken away, the last first", async () => {
  const { outcome, happened } = await measured(noting);
  expect(happened).toEqual(["ours", "theirs", "theirs", "ours", "ours", "theirs", ...undone]);
  expect(outcome.ours.map(({ value }) => value)).toEqual([1, 4, 5]);
  expect(outcome.theirs.map(({ value }) => value)).toEqual([2, 3, 6]);
  expect(outcome.failure).toBeUndefined();
});

test("as many pairs are run as are asked for, and one side alone is run alone", async () => {
  expect((await measured(noting, {}, 1)).happened).toEqual(["ours", "theirs", ...undone]);
  const { outcome } = await measured((happened) => ({ ours: async () => ({ value: happened.push("ours") }) }));
  expect([outcome.ours.length, outcome.theirs]).toEqual([3, []]);
});

test("what fails is told, keeps the whole pairs before it, and is taken away all the same", async () => {
  const { outcome, happened } = await measured((happened) => ({
    ...noting(happened),
    theirs: async () => {
      if (happened.length > 1) {
        throw new Error("no more");
      }
      return { value: happened.push("theirs") };
    },
  }));
  expect(outcome.failure).toBe("no more");
  expect([outcome.ours.length, outcome.theirs.length]).toEqual([1, 1]);
  expect(happened.slice(-2)).toEqual(undone);
});

test("a setup that fails half-way leaves nothing", async () => {
  const happened: string[] = [];
  const { outcome } = await measured(noting, {
    setup: async (scratch) => {
      scratch.later("it", async () => void happened.push("undo"));
      throw new Error("no engine");
    },
  });
  expect([outcome.failure, happened]).toEqual(["no engine", ["undo"]]);
});

test("what takes too long is ended, the processes that it began included", async () => {
  const { spawn } = await import("node:child_process");
  const ended: unknown[] = [];
  const { outcome } = await measured(
    () => ({
      ours: () =>
        new Promise((_, reject) => {
          const child = spawn("sh", ["-c", "sleep 60 & wait"], { detached: true, stdio: "ignore" });
          child.once("exit", (_code, signal) => {
            ended.push(signal);
            reject(new Error("it was killed"));
          });
        }),
    }),
    { patience: 0.5 },
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(outcome.failure).toBe("a run of ours was ended after 0.5 s");
  expect(ended).toEqual(["SIGKILL"]);
});

test("what cannot be taken away is told, and all else is taken away", async () => {
  const scratch = new Scratch();
  const happened: string[] = [];
  scratch.later("one", async () => void happened.push("one"));
  scratch.later("two", async () => {
    throw new Error("it is held");
  });
  // Two who ask at once, as a signal does, wait for the same end.
  const [first, second] = await Promise.all([scratch.clear(), scratch.clear()]);
  expect([first, second]).toEqual([["two: it is held"], ["two: it is held"]]);
  expect(happened).toEqual(["one"]);
  expect(await scratch.clear()).toEqual([]);
});
