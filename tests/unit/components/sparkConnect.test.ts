import { enterProjectCopy } from "../helpers/folders";
import { containerOptions, hardening, runCluster } from "../helpers/cluster";
import { difference, resolved } from "../helpers/mocks";

beforeAll(() => {
  enterProjectCopy();
});

const name = "spark-connect-container";
const on = { sparkConnect: "true" };

test("the server's container has its name, limits, mounts and one port, published to its machine alone", async () => {
  const { get } = await runCluster({ ...on, bindAddress: "10.0.0.1", ports: { sparkConnect: 9999 } }, { stack: "dev" });
  const server = get(name);
  expect(server.inputs).toEqual({
    ...hardening,
    name: "spark-cluster-dev-connect",
    hostname: "connect",
    image: "sha256:spark-image-spark-connect",
    labels: [
      { label: "spark-cluster.stack", value: "dev" },
      { label: "spark-cluster.home", value: "spark-home-id" },
      { label: "spark-cluster.role", value: "connect" },
      { label: "spark-cluster.config", value: get("spark-connect-config-volume").inputs.revision },
      { label: "spark-cluster.tmp", value: "128m" },
      { label: "spark-cluster.network", value: "spark-network-id" },
    ],
    networkMode: "spark-cluster-dev-network",
    networksAdvanced: [{ name: "spark-cluster-dev-network", aliases: ["connect"] }],
    ports: [{ internal: 15002, external: 9999, ip: "127.0.0.1" }],
    volumes: [
      { volumeName: "spark-cluster-dev-workspace", containerPath: "/opt/workspace", selinuxRelabel: "z" },
      { volumeName: "spark-cluster-dev-connect-files", containerPath: "/etc/spark-cluster", readOnly: true, selinuxRelabel: "z" },
      { volumeName: "spark-cluster-dev-connect-local", containerPath: "/var/lib/spark", selinuxRelabel: "z" },
    ],
    envs: ["SPARK_LOCAL_DIRS=/var/lib/spark/local"],
    memory: 1024 + 384 + 512 + 128,
    cpus: "2.0",
    memorySwap: 1024 + 384 + 512 + 128,
    tmpfs: { "/tmp": "rw,exec,nosuid,nodev,mode=1777,size=128m" },
    healthcheck: { tests: ["CMD", "spark-connect-answers"], interval: "30s", timeout: "10s", retries: 3, startPeriod: "30s" },
  });
  expect(server.options).toMatchObject({ parent: "spark-connect", ...containerOptions });
});

test("it is off unless asked for, and notebooks do not know its token", async () => {
  const [without, beside] = [await runCluster(), await runCluster(on)];
  const { added, removed, changed } = difference(without, beside);
  expect(added.sort()).toEqual(["spark-connect-config-volume", name, "spark-connect-local", "spark-connect-token"]);
  expect({ removed, changed: changed.sort() }).toEqual({
    removed: [],
    changed: ["spark-jupyterlab-container", "spark-pids", "spark-ready"],
  });
  const token = "value of spark-connect-token";
  const told = beside.resources.filter(({ inputs }) => JSON.stringify(inputs).includes(token));
  expect(told.map(({ name: each, secrets }) => [each, secrets])).toEqual([["spark-connect-config-volume", ["files"]]]);
});

test("its address holds the token, is a secret, and says localhost: to another host clients send no token without TLS", async () => {
  const { result } = await runCluster({ ...on, bindAddress: "10.0.0.1", ports: { sparkConnect: 9999 } });
  expect(result.sparkConnectUrl && (await resolved(result.sparkConnectUrl))).toEqual({
    value: "sc://localhost:9999/;token=value of spark-connect-token",
    known: true,
    secret: true,
  });
  expect((await runCluster()).result.sparkConnectUrl).toBeUndefined();
});
