/** The median of figures, and their range. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws if there are no figures. */
export function spreadOf(figures: readonly number[]): Spread {
  const sorted = [...figures].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  const [lower, upper] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (lower === undefined || upper === undefined) {
    throw new Error("no figures");
  }
  return { median: (lower + upper) / 2, min: Math.min(...sorted), max: Math.max(...sorted) };
}

/** A straight line through points, and the share of their variance that it explains: 1 if they are all on it. */
export interface Line {
  readonly slope: number;
  readonly intercept: number;
  readonly straightness: number;
}

/** The line of least squares. @throws for fewer than two different x. */
export function lineThrough(points: readonly (readonly [x: number, y: number])[]): Line {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const sum = (term: (x: number, y: number) => number) => points.reduce((total, [x, y]) => total + term(x - meanX, y - meanY), 0);
  const width = sum((x) => x * x);
  if (points.length === 0 || width === 0) {
    throw new Error("a line needs two places");
  }
  const slope = sum((x, y) => x * y) / width;
  const height = sum((_, y) => y * y);
  const missed = sum((x, y) => (y - slope * x) ** 2);
  return { slope, intercept: meanY - slope * meanX, straightness: height === 0 ? 1 : 1 - missed / height };
}
