/** An amount of memory in MiB. */
export type Mebibytes = number;

const gibibyte: Mebibytes = 1024;
const units: Record<string, Mebibytes> = { m: 1, g: gibibyte, t: 1024 * gibibyte };

/** The most that a key may ask for, the largest heap that a JVM has. With it, no sum of the cluster's leaves the exact numbers. */
export const largestMemory: Mebibytes = 16 * 1024 * gibibyte;

/** Reads memory as Spark writes it (`512m`, `2g`); undefined for what Spark would refuse, fractions and bare numbers included. */
export function parseMemory(text: string): Mebibytes | undefined {
  const match = /^(\d{1,9})([mgt])b?$/i.exec(text);
  const unit = units[match?.[2]?.toLowerCase() ?? ""];
  return match && unit ? Number(match[1]) * unit : undefined;
}

/** Writes memory as Spark reads it: `2g` where that is exact, else `1536m`. */
export function formatMemory(memory: Mebibytes): string {
  return memory > 0 && memory % gibibyte === 0 ? `${memory / gibibyte}g` : `${memory}m`;
}

/** What a person who wrote a fraction (`1.5g`) meant, for the command that fixes it. */
export function nearestMemory(text: string): string | undefined {
  const match = /^(\d{1,9}\.\d+)([mgt])b?$/i.exec(text);
  const unit = units[match?.[2]?.toLowerCase() ?? ""];
  return match && unit ? formatMemory(Math.ceil(Number(match[1]) * unit)) : undefined;
}
