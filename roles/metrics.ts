import { Mebibytes } from "../config/memory";
import { Composition, Role } from "./role";

/** The server uses a quarter of it, and some more while it reads the metrics of many drivers. */
const metricsMemory: Mebibytes = 64;

/** What the server serves, the part of the address after the port. */
export function metricsPaths({ historyServer }: Composition["sizes"]): string[] {
  return ["prometheus.yml", "master", "workers", "drivers", "executors", ...(historyServer ? ["history-server"] : [])];
}

/** Collects the metrics of all processes for Prometheus, which cannot reach them itself. */
export const metrics = {
  name: "metrics",
  title: "the metrics",
  component: "spark:Metrics",
  hostname: "metrics",
  image: { name: "metrics", parent: "base", isOptional: true },
  isOfImagesUser: true, // it writes nothing
  healthcheck: "metrics-answers",
  isOn: ({ sizes }) => sizes.metrics,
  memory: ({ tmpMemory }) => metricsMemory + tmpMemory,
  cpus: 1,
  environment: ({ stack, sizes }) => ({ STACK: stack, METRICS_PATHS: metricsPaths(sizes).join(" ") }),
  page: {
    key: "metrics",
    internal: 9095,
    title: "Metrics",
    exposes: () => "metrics, without a login: the names of running applications and their load",
  },
} as const satisfies Role;
