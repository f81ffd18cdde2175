import * as fc from "fast-check";

import { lineThrough, spreadOf } from "../../../bench/harness/statistics";

test.each([
  [[3], { median: 3, min: 3, max: 3 }],
  [[2, 10, 1], { median: 2, min: 1, max: 10 }],
  [[4, 1, 3, 2], { median: 2.5, min: 1, max: 4 }],
])("the spread of %j", (figures, expected) => {
  expect(spreadOf(figures)).toEqual(expected);
});

test("as many figures lie below the median as above it", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }), (figures) => {
      const { median } = spreadOf(figures);
      const below = figures.filter((figure) => figure < median).length;
      const above = figures.filter((figure) => figure > median).length;
      expect(Math.max(below, above)).toBeLessThanOrEqual(figures.length / 2);
    }),
  );
});

test("a straight line is found, and is straight", () => {
  const { slope, intercept, straightness } = lineThrough([1, 2, 4, 8, 16].map((x) => [x, 3 * x + 5]));
  expect([slope, intercept, straightness]).toEqual([expect.closeTo(3), expect.closeTo(5), expect.closeTo(1)]);
});

test("what is bent is less straight, and a level line is straight", () => {
  expect(lineThrough([1, 2, 4, 8, 16].map((x) => [x, x * x])).straightness).toBeLessThan(0.97);
  expect(lineThrough([1, 2].map((x) => [x, 7]))).toEqual({ slope: 0, intercept: 7, straightness: 1 });
});

test("no figures have no spread, and one place has no line", () => {
  expect(() => spreadOf([])).toThrow("no figures");
  expect(() => lineThrough([[1, 1]])).toThrow("two places");
});
