import { Engine } from "../../engine/engine";
import { client } from "./client";

const units: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** MB in use, from the client's output: `205.3MiB / 1GiB`, use and limit. */
export function megabytes(usage: string): number {
  const [, number, unit = ""] = /^([\d.]+)\s*([KMG]?i?B)/.exec(usage.trim()) ?? [];
  const factor = units[unit];
  if (number === undefined || factor === undefined) {
    throw new Error(`not an amount of memory: ${usage}`);
  }
  return (Number(number) * factor) / 1e6;
}

/** Memory in use of containers together. The client leaves out file caches, which the kernel can reclaim. */
export async function memoryOf(engine: Engine, containers: readonly string[]): Promise<number> {
  const usage = await client(engine, ["stats", "--no-stream", "--format", "{{.MemUsage}}", ...containers]);
  const lines = usage.split("\n").filter(Boolean);
  return lines.map(megabytes).reduce((sum, each) => sum + each, 0);
}
