import { parse, stringify } from "dot-properties";

import { parseMemory } from "../../config/memory";

/** Settings of a cluster, which have no meaning for one process. */
const ofClusters = /^spark\.(master|cores\.max|driver\.host|executor\.|authenticate|network\.crypto|ui\.reverseProxy)/;

/** A driver's properties for `local[2]`: the same settings, and the heap of driver and two executors in one. */
export function localProperties(text: string): string {
  const properties = parse(text) as Readonly<Record<string, string>>;
  const heapOf = (key: string) => parseMemory(properties[key] ?? "") ?? 0;
  const heap = heapOf("spark.driver.memory") + 2 * heapOf("spark.executor.memory");
  const kept = Object.entries(properties).filter(([key]) => !ofClusters.test(key));
  return stringify(
    { ...Object.fromEntries(kept), "spark.master": "local[2]", "spark.driver.memory": `${heap}m` },
    { lineWidth: null },
  );
}
