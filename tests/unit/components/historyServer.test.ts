import { enterProjectCopy } from "../helpers/folders";
import { containerOptions, hardening, runCluster } from "../helpers/cluster";
import { difference } from "../helpers/mocks";

beforeAll(() => {
  enterProjectCopy();
});

const name = "spark-history-server-container";

test("the history server's container has its name, limits, mounts and one published port", async () => {
  const { get } = await runCluster(
    { bindAddress: "10.0.0.1", ports: { historyServer: 9999 }, historyMemory: "1g", tmpMemory: "64m" },
    { stack: "dev" },
  );
  const server = get(name);
  expect(server.inputs).toEqual({
    ...hardening,
    name: "spark-cluster-dev-history-server",
    hostname: "history-server",
    image: "sha256:spark-image-history-server",
    labels: [
      { label: "spark-cluster.stack", value: "dev" },
      { label: "spark-cluster.home", value: "spark-home-id" },
      { label: "spark-cluster.role", value: "history-server" },
      { label: "spark-cluster.config", value: get("spark-history-config-volume").inputs.revision },
      { label: "spark-cluster.tmp", value: "64m" },
      { label: "spark-cluster.network", value: "spark-network-id" },
    ],
    networkMode: "spark-cluster-dev-network",
    networksAdvanced: [{ name: "spark-cluster-dev-network", aliases: ["history-server"] }],
    ports: [{ internal: 18080, external: 9999, ip: "10.0.0.1" }],
    volumes: [
      { volumeName: "spark-cluster-dev-workspace", containerPath: "/opt/workspace", selinuxRelabel: "z" },
      { volumeName: "spark-cluster-dev-history-files", containerPath: "/etc/spark-cluster", readOnly: true, selinuxRelabel: "z" },
    ],
    cpuShares: 128,
    envs: ["SPARK_DAEMON_JAVA_OPTS=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC", "SPARK_DAEMON_MEMORY=512m"],
    memory: 1024 + 64,
    cpus: "2.0",
    memorySwap: 1024 + 64,
    tmpfs: { "/tmp": "rw,exec,nosuid,nodev,mode=1777,size=64m" },
    healthcheck: { tests: ["CMD", "history-server-lists"], interval: "30s", timeout: "10s", retries: 3, startPeriod: "30s" },
  });
  expect(server.options).toMatchObject({ parent: "spark-history-server", ...containerOptions });
});

test("it can be left out, with its files and its address; drivers and daemons are told", async () => {
  const [beside, without] = [await runCluster(), await runCluster({ historyServer: "false" })];
  const { added, removed, changed } = difference(beside, without);
  expect(added).toEqual([]);
  expect(removed.sort()).toEqual(["spark-history-config-volume", name]);
  expect(changed).toEqual(expect.arrayContaining(["spark-daemon-config-volume", "spark-driver-config-volume", "spark-ready"]));
  expect(beside.result.historyServerUrl).toBe("http://localhost:18080");
  expect(without.result.historyServerUrl).toBeUndefined();
});
