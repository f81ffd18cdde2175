import { enterProjectCopy } from "../helpers/folders";
import { containerOptions, hardening, runCluster } from "../helpers/cluster";
import { unknown } from "../helpers/mocks";

beforeEach(() => {
  enterProjectCopy();
});

const name = "spark-master-container";

test("the master's container has its name, limits, mounts and one published port", async () => {
  const { get } = await runCluster(
    { bindAddress: "10.0.0.1", ports: { sparkUi: 9090 }, masterMemory: "1g", tmpMemory: "64m" },
    { stack: "dev" },
  );
  const master = get(name);
  expect(master.type).toBe("docker:index/container:Container");
  expect(master.inputs).toEqual({
    ...hardening,
    name: "spark-cluster-dev-master",
    hostname: "spark-master",
    image: "sha256:spark-image-spark-master",
    labels: [
      { label: "spark-cluster.stack", value: "dev" },
      { label: "spark-cluster.home", value: "spark-home-id" },
      { label: "spark-cluster.role", value: "master" },
      { label: "spark-cluster.config", value: get("spark-daemon-config-volume").inputs.revision },
      { label: "spark-cluster.tmp", value: "64m" },
      { label: "spark-cluster.network", value: "spark-network-id" },
    ],
    networkMode: "spark-cluster-dev-network",
    networksAdvanced: [{ name: "spark-cluster-dev-network", aliases: ["spark-master"] }],
    ports: [{ internal: 8080, external: 9090, ip: "10.0.0.1" }],
    volumes: [
      { volumeName: "spark-cluster-dev-workspace", containerPath: "/opt/workspace", selinuxRelabel: "z" },
      { volumeName: "spark-cluster-dev-daemon-files", containerPath: "/etc/spark-cluster", readOnly: true, selinuxRelabel: "z" },
      { volumeName: "spark-cluster-dev-master-state", containerPath: "/var/lib/spark", selinuxRelabel: "z" },
    ],
    envs: ["SPARK_DAEMON_JAVA_OPTS=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC", "SPARK_DAEMON_MEMORY=512m"],
    memory: 1024 + 64,
    memorySwap: 1024 + 64,
    cpus: "2.0",
    tmpfs: { "/tmp": "rw,exec,nosuid,nodev,mode=1777,size=64m" },
    healthcheck: { tests: ["CMD", "master-state"], interval: "30s", timeout: "10s", retries: 3, startPeriod: "30s" },
  });
  expect(master.options).toMatchObject({ parent: "spark-master", ...containerOptions });
});

test("a preview knows all of it but ids", async () => {
  const { inputs } = (await runCluster({}, { preview: true })).get(name);
  expect(inputs.image).toBe(unknown);
  expect(inputs.labels).toEqual([
    { label: "spark-cluster.stack", value: "unit" },
    { label: "spark-cluster.home", value: unknown },
    { label: "spark-cluster.role", value: "master" },
    { label: "spark-cluster.config", value: unknown },
    { label: "spark-cluster.tmp", value: "128m" },
    { label: "spark-cluster.network", value: unknown },
  ]);
  expect(JSON.stringify({ ...inputs, image: "", labels: "" })).not.toContain(unknown);
});
