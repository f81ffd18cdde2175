import { Engine } from "../../engine/engine";
import { client } from "./client";

const units: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** MB of an amount as the engine's client writes it: `205.3MiB / 1GiB`, what is used and what may be. */
export function megabytes(usage: string): number {
  const [, number, unit = ""] = /^([\d.]+)\s*([KMG]?i?B)/.exec(usage.trim()) ?? [];
  const factor = units[unit];
  if (number === undefined || factor === undefined) {
    throw new Error(`not an amount of memory: ${usage}`);
  }
  return (Number(number) * factor) / 1e6;
}

/** What containers have in use together; caches of files, which the kernel takes back, are left out by the client. */
export async function memoryOf(engine: Engine, containers: readonly string[]): Promise<number> {
  const usage = await client(engine, ["stats", "--no-stream", "--format", "{{.MemUsage}}", ...containers]);
  const lines = usage.split("\n").filter(Boolean);
  return lines.map(megabytes).reduce((sum, each) => sum + each, 0);
}
