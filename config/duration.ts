const seconds = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Converts a checked time (`30d`, `12h`, `30m`, `90s`) to seconds. */
export function secondsOf(time: string): number {
  return parseInt(time, 10) * seconds[time.slice(-1) as keyof typeof seconds];
}
