import fc from "fast-check";

import { workerContainerMemory } from "../../../config/sizes";
import { enterProjectCopy } from "../helpers/folders";
import { containerOptions, hardening, runCluster } from "../helpers/cluster";
import { customResources, difference, unknown } from "../helpers/mocks";
import { clusterConfig } from "../helpers/stackConfig";

beforeAll(() => {
  enterProjectCopy();
});

test("a worker's container has its name, limits and mounts, and publishes nothing", async () => {
  const written = { workerCores: "3", workerMemory: "1536m", daemonMemory: "300m" };
  const { get } = await runCluster(written, { stack: "dev" });
  const worker = get("spark-worker-2");
  const memory = workerContainerMemory(clusterConfig(written).sizes);
  expect(worker.type).toBe("docker:index/container:Container");
  expect(worker.inputs).toEqual({
    ...hardening,
    name: "spark-cluster-dev-worker-2",
    hostname: "spark-worker-2",
    image: "sha256:spark-image-spark-worker",
    labels: [
      { label: "spark-cluster.stack", value: "dev" },
      { label: "spark-cluster.home", value: "spark-home-id" },
      { label: "spark-cluster.role", value: "worker" },
      { label: "spark-cluster.config", value: get("spark-daemon-config-volume").inputs.revision },
      { label: "spark-cluster.tmp", value: "128m" },
      { label: "spark-cluster.network", value: "spark-network-id" },
    ],
    networkMode: "spark-cluster-dev-network",
    networksAdvanced: [{ name: "spark-cluster-dev-network", aliases: ["spark-worker-2"] }],
    volumes: [
      { volumeName: "spark-cluster-dev-workspace", containerPath: "/opt/workspace", selinuxRelabel: "z" },
      { volumeName: "spark-cluster-dev-daemon-files", containerPath: "/etc/spark-cluster", readOnly: true, selinuxRelabel: "z" },
      { volumeName: "spark-cluster-dev-worker-2-local", containerPath: "/var/lib/spark", selinuxRelabel: "z" },
    ],
    envs: [
      "SPARK_DAEMON_JAVA_OPTS=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
      "SPARK_DAEMON_MEMORY=150m",
      "SPARK_LOCAL_DIRS=/var/lib/spark/local",
      "SPARK_WORKER_CORES=3",
      "SPARK_WORKER_DIR=/var/lib/spark/work",
      "SPARK_WORKER_MEMORY=1536m",
    ],
    memory,
    memorySwap: memory,
    cpus: "3.0",
    tmpfs: { "/tmp": "rw,exec,nosuid,nodev,mode=1777,size=128m" },
    healthcheck: { tests: ["CMD", "worker-registered"], interval: "30s", timeout: "10s", retries: 3, startPeriod: "30s" },
  });
  expect(worker.options).toMatchObject({ parent: "spark-worker", ...containerOptions });
});

test("a worker's own volume goes with the worker", async () => {
  const volume = (await runCluster({}, { stack: "dev" })).get("spark-worker-1-local");
  expect(volume.inputs.name).toBe("spark-cluster-dev-worker-1-local");
  expect(volume.options).toMatchObject({ retainOnDelete: false, deleteBeforeReplace: true });
});

test.each([false, true])(
  "adding a worker registers one container and its volume more, and changes no other container (preview: %s)",
  async (preview) => {
    const before = await runCluster({ workers: "2" }, { preview });
    const after = await runCluster({ workers: "3" }, { preview });
    const { added, removed, changed } = difference(before, after);
    expect(added).toEqual(["spark-worker-3-local", "spark-worker-3"]);
    expect(removed).toEqual([]);
    // A session's cores are those of all workers; the wait for the cluster is for all workers. In a preview both are hidden or unknown.
    expect(["spark-driver-config-volume", "spark-pids", "spark-ready"]).toEqual(expect.arrayContaining(changed));
    expect(changed).toContain("spark-ready");
  },
);

test("workers are called by their numbers, from 1 on, however many there are", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 12 }), async (count) => {
      const { result, resources } = await runCluster({ workers: String(count) });
      const names = Array.from({ length: count }, (_, index) => `spark-worker-${String(index + 1)}`);
      expect(result.workers).toEqual(names);
      const workers = customResources(resources).filter(({ inputs }) => JSON.stringify(inputs.labels ?? "").includes('"worker"'));
      expect(workers.map(({ inputs }) => inputs.hostname)).toEqual(names);
    }),
    { numRuns: 5 },
  );
});

test("a preview knows all of a worker but ids", async () => {
  const { inputs } = (await runCluster({}, { preview: true })).get("spark-worker-1");
  expect(inputs.image).toBe(unknown);
  expect(JSON.stringify({ ...inputs, image: "", labels: "" })).not.toContain(unknown);
});
