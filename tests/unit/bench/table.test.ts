import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Outcome } from "../../../bench/harness/measurement";
import { Figures, merged, withTable } from "../../../bench/harness/page";
import { tableOf } from "../../../bench/harness/table";

const outcome = (rest: Partial<Outcome> = {}): Outcome => ({
  name: "start",
  what: "a start",
  against: "another way",
  unit: "s",
  targets: [],
  date: "2026-01-02T03:04:05.000Z",
  commit: "abc1234",
  ours: [{ value: 2 }, { value: 3 }, { value: 1 }],
  theirs: [{ value: 4 }, { value: 4 }, { value: 5 }],
  ...rest,
});

const figures = (...outcomes: Outcome[]): Figures => ({
  machine: { processor: "A processor", cores: 2, memory: 24, kernel: "6.1" },
  versions: { Spark: "4.1.4" },
  outcomes,
});

test("a line has both sides and the ratio of each pair, with medians, the least and the most", () => {
  expect(tableOf([outcome()])).toBe(
    [
      "| What | Against | Ours | Theirs | Ours / theirs | Reach | Reached |",
      "| --- | --- | --- | --- | --- | --- | --- |",
      "| a start | another way | 2.00 s (1.00–3.00) | 4.00 s (4.00–5.00) | 0.50 (0.20–0.75) |  |  |",
      "",
    ].join("\n"),
  );
});

test("nothing to compare with is left empty", () => {
  const alone = outcome({ against: "", theirs: [], ours: [{ value: 123.4 }] });
  expect(tableOf([alone])).toContain("| a start |  | 123 s |  |  |  |  |");
});

test.each([
  [{ of: "ratio", atMost: 0.5 } as const, "≤ 0.5 of theirs | yes |"],
  [{ of: "ratio", atMost: 0.49 } as const, "≤ 0.49 of theirs | no |"],
  [{ of: "ours", atMost: 2 } as const, "≤ 2 s | yes |"],
  [{ of: "ours", atMost: 1.9 } as const, "≤ 1.9 s | no |"],
  [{ of: "difference", atMost: -2 } as const, "≤ theirs + -2 s | yes |"],
  [{ of: "difference", atMost: -2.5 } as const, "≤ theirs + -2.5 s | no |"],
  [{ of: "ours", atMost: 9, beside: "MB" } as const, "≤ 9 MB | no |"],
])("the target %j", (target, expected) => {
  const ours = [{ value: 2, beside: { MB: 10 } }];
  expect(tableOf([outcome({ targets: [target], ours, theirs: [{ value: 4 }] })])).toContain(expected);
});

test("one target that is missed is one too many", () => {
  const targets = [
    { of: "ours", atMost: 100 },
    { of: "ratio", atMost: 0.1 },
  ] as const;
  expect(tableOf([outcome({ targets })])).toContain("≤ 100 s, ≤ 0.1 of theirs | no |");
});

test("figures beside the value have a table of their own", () => {
  const table = tableOf([outcome({ ours: [{ value: 1, beside: { "s until the kernel": 0.5 } }], theirs: [{ value: 1 }] })]);
  expect(table).toContain("| `start` | s until the kernel | 0.50 |  |");
});

test("a measurement that failed is named with its words, and reaches nothing", () => {
  const table = tableOf([
    outcome({ ours: [], theirs: [], targets: [{ of: "ours", atMost: 1 }], failure: "it ended\nwith 1" }),
    outcome({ name: "other" }),
  ]);
  expect(table).toContain("| a start | another way |  |  |  | ≤ 1 s | failed |");
  expect(table).toContain("- `start` failed: it ended with 1\n");
  expect(table).toContain("| 2.00 s (1.00–3.00) |");
});

describe("the page", () => {
  const page = "before\n<!-- measured: make bench -->\nold\n<!-- end of what was measured -->\nafter\n";

  test("has the table and where it comes from between its marks, and all else as it was", () => {
    const made = withTable(page, figures(outcome()));
    expect(made).toMatch(/^before\n<!-- measured: make bench -->\n\nA processor, 2 cores, 24 GiB, Linux 6.1. Spark 4.1.4. /);
    expect(made).toContain("Measured 2026-01-02 at abc1234.");
    expect(made).toContain("| a start |");
    expect(made).toMatch(/\n<!-- end of what was measured -->\nafter\n$/);
    expect(made).not.toContain("old");
    expect(withTable(made, figures(outcome()))).toBe(made);
  });

  test("without marks is told of", () => {
    expect(() => withTable("nothing", figures())).toThrow("no place for the table");
  });

  test("of the project has its marks", () => {
    const own = readFileSync(join(__dirname, "../../../docs/internals/performance.md"), "utf8");
    expect(withTable(own, figures(outcome()))).toContain("| a start |");
  });
});

describe("figures of an earlier run", () => {
  const [one, two] = [outcome({ name: "one" }), outcome({ name: "two" })];
  const again = outcome({ name: "two", commit: "def5678" });

  test("stay for what is not run again, in the order of the table", () => {
    expect(merged(figures(two, one), figures(again), ["one", "two"]).outcomes).toEqual([one, again]);
  });

  test("of another machine, and of a measurement that is no more, are dropped", () => {
    const other = { ...figures(one), machine: { ...figures().machine, cores: 64 } };
    expect(merged(other, figures(again), ["one", "two"]).outcomes).toEqual([again]);
    expect(merged(figures(one), figures(again), ["two"]).outcomes).toEqual([again]);
    expect(merged(undefined, figures(again), ["one", "two"]).outcomes).toEqual([again]);
  });
});
