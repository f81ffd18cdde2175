import { Cluster } from "../helpers/cluster";

/** The values of a label in a text in Prometheus's format, of which every line has to be a comment or a sample. */
function valuesOf(text: string, label: string): string[] {
  const lines = text.trimEnd().split("\n");
  const sample = /^([a-zA-Z_:][\w:]*)(\{\w+="(?:[^"\\]|\\.)*"(, ?\w+="(?:[^"\\]|\\.)*")*,?\})? (-?[\d.]+(E-?\d+)?|NaN)$/;
  expect(lines.filter((line) => !line.startsWith("# ") && !sample.test(line))).toEqual([]);
  const found = lines.flatMap((line) => new RegExp(`[{ ,]${label}="((?:[^"\\\\]|\\\\.)*)"`).exec(line)?.[1] ?? []);
  return [...new Set(found)].sort();
}

/** What `metrics: true` opens, on a cluster on which the Spark Connect server is one of the applications. */
export function metrics(cluster: Cluster): void {
  cluster.test(
    "every address of the output metrics answers in Prometheus's format, for all processes of its kind",
    async (stack) => {
      const [file = "", ...addresses] = (await stack.outputs()).metrics ?? [];
      const yml = await (await fetch(file)).text();
      const { host, origin } = new URL(file);
      expect(addresses.map((address) => address.replace(origin, ""))).toEqual(
        [...yml.matchAll(/__metrics_path__: (\S+)/g)].map(([, path]) => path),
      );
      expect(yml).toContain(`targets: ["${host}"]`);
      const texts = await Promise.all(addresses.map(async (address) => (await fetch(address)).text()));
      const [master = "", workers = "", drivers = "", executors = "", history = ""] = texts;
      expect(valuesOf(master, "type")).toContain("gauges");
      expect(master).toContain('metrics_master_aliveWorkers_Number{type="gauges"} 2');
      expect(valuesOf(workers, "worker")).toEqual(["spark-worker-1", "spark-worker-2"]);
      expect(workers).not.toMatch(/^spark_cluster_up\{.*\} 0$/m);
      expect(valuesOf(drivers, "application_name")).toContain("Spark Connect");
      expect(drivers).toContain("metrics_spark_driver_DAGScheduler_job_allJobs_");
      expect(valuesOf(executors, "executor_id")).toEqual(expect.arrayContaining(["0", "1", "driver"]));
      expect(valuesOf(history, "area")).toEqual(["heap", "nonheap"]);
    },
  );
}
