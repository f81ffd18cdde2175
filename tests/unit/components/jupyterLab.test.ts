import { ideContainerMemory } from "../../../config/sizes";
import { enterProjectCopy } from "../helpers/folders";
import { containerOptions, hardening, runCluster } from "../helpers/cluster";
import { difference, resolved, unknown } from "../helpers/mocks";
import { clusterConfig } from "../helpers/stackConfig";

beforeAll(() => {
  enterProjectCopy();
});

const name = "spark-jupyterlab-container";

test("JupyterLab's container has its name, limits, home, mounts and one published port", async () => {
  const written = { ports: { jupyterlab: 9999 }, sessions: "1", driverMemory: "4g", tokenGeneration: "two" };
  const ide = (await runCluster(written, { stack: "dev" })).get(name);
  const memory = ideContainerMemory(clusterConfig(written).sizes);
  expect(ide.inputs).toEqual({
    ...hardening,
    name: "spark-cluster-dev-jupyterlab",
    hostname: "jupyterlab",
    image: "sha256:spark-image-jupyterlab",
    labels: [
      { label: "spark-cluster.stack", value: "dev" },
      { label: "spark-cluster.home", value: "spark-home-id" },
      { label: "spark-cluster.role", value: "jupyterlab" },
      { label: "spark-cluster.token-generation", value: "two" },
      { label: "spark-cluster.tmp", value: "128m" },
      { label: "spark-cluster.network", value: "spark-network-id" },
    ],
    networkMode: "spark-cluster-dev-network",
    networksAdvanced: [{ name: "spark-cluster-dev-network", aliases: ["jupyterlab"] }],
    ports: [{ internal: 8888, external: 9999, ip: "127.0.0.1" }],
    volumes: [
      { volumeName: "spark-cluster-dev-workspace", containerPath: "/opt/workspace", selinuxRelabel: "z" },
      { volumeName: "spark-cluster-dev-driver-files", containerPath: "/etc/spark-cluster", readOnly: true, selinuxRelabel: "z" },
      { volumeName: "spark-cluster-dev-jupyterlab-home", containerPath: "/home/spark", selinuxRelabel: "z" },
      { volumeName: "spark-cluster-dev-workspace", containerPath: "/opt/python/workspace", selinuxRelabel: "z" },
    ],
    envs: ["SPARK_LOCAL_DIRS=/home/spark/.cache/spark"],
    memory,
    cpus: "2.0",
    memorySwap: memory,
    tmpfs: { "/tmp": "rw,exec,nosuid,nodev,mode=1777,size=128m" },
    healthcheck: { tests: ["CMD", "jupyterlab-answers"], interval: "30s", timeout: "10s", retries: 3, startPeriod: "30s" },
  });
  expect(ide.options).toMatchObject({ parent: "spark-jupyterlab", ...containerOptions });
});

test("JupyterLab starts with its files in place, and outlives an edit of them", async () => {
  const before = await runCluster();
  const after = await runCluster({ sparkProperties: { "spark.sql.shuffle.partitions": 7 } });
  expect(before.get(name).options.dependencies).toEqual(expect.arrayContaining(["spark-driver-config-volume"]));
  expect(difference(before, after)).toEqual({ added: [], removed: [], changed: ["spark-driver-config-volume"] });
});

test("a new token makes JupyterLab anew, and neither master nor workers", async () => {
  const { changed } = difference(await runCluster(), await runCluster({ tokenGeneration: "2" }));
  expect(changed).toEqual(["spark-token", name]);
});

test("another way to be reached makes JupyterLab anew, and nothing else", async () => {
  const [none, generated] = [await runCluster(), await runCluster({ tls: "generated" })];
  expect(difference(none, generated)).toEqual({ added: [], removed: [], changed: [name] });
  expect((await resolved(generated.result.jupyterlabUrl)).value).toMatch(/^https:\/\/localhost:8888\/lab\?token=/);
  expect(generated.result.uiUrl).toBe("http://localhost:8080");
});

test("a preview knows all of it but ids", async () => {
  const { inputs } = (await runCluster({}, { preview: true })).get(name);
  expect(inputs.image).toBe(unknown);
  expect(JSON.stringify({ ...inputs, image: "", labels: "" })).not.toContain(unknown);
});
