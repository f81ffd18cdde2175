/** An amount of memory in MiB. */
export type Mebibytes = number;

const gibibyte: Mebibytes = 1024;
const units: Record<string, Mebibytes> = { m: 1, g: gibibyte, t: 1024 * gibibyte };

/** The upper bound of a memory key: the largest heap of a JVM, 16 TiB. With it, every sum stays an exact integer. */
export const largestMemory: Mebibytes = 16 * 1024 * gibibyte;

/**
 * Parses memory as Spark writes it: `512m`, `2g`.
 *
 * @returns undefined for a value that Spark would reject, such as a fraction or a number without a unit.
 */
export function parseMemory(text: string): Mebibytes | undefined {
  const match = /^(\d{1,9})([mgt])b?$/i.exec(text);
  const unit = units[match?.[2]?.toLowerCase() ?? ""];
  return match && unit ? Number(match[1]) * unit : undefined;
}

/** Formats memory as Spark reads it: `2g` if that is exact, otherwise `1536m`. */
export function formatMemory(memory: Mebibytes): string {
  return memory > 0 && memory % gibibyte === 0 ? `${memory / gibibyte}g` : `${memory}m`;
}

/** A fraction (`1.5g`), rounded up to whole MiB (`1536m`), for the command that fixes the value. */
export function nearestMemory(text: string): string | undefined {
  const match = /^(\d{1,9}\.\d+)([mgt])b?$/i.exec(text);
  const unit = units[match?.[2]?.toLowerCase() ?? ""];
  return match && unit ? formatMemory(Math.ceil(Number(match[1]) * unit)) : undefined;
}
