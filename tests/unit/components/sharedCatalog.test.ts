import { parse } from "dot-properties";

import { enterProjectCopy } from "../helpers/folders";
import { containerOptions, hardening, runCluster } from "../helpers/cluster";
import { difference } from "../helpers/mocks";

beforeAll(() => {
  enterProjectCopy();
});

const name = "spark-catalog-container";
const shared = { catalog: "shared" };

test("the database's container has its name, limits and mounts, and no published port", async () => {
  const { get } = await runCluster({ ...shared, catalogMemory: "512m" }, { stack: "dev" });
  const database = get(name);
  expect(database.inputs).toEqual({
    ...hardening,
    name: "spark-cluster-dev-catalog",
    hostname: "catalog",
    image: "sha256:spark-image-catalog",
    labels: [
      { label: "spark-cluster.stack", value: "dev" },
      { label: "spark-cluster.home", value: "spark-home-id" },
      { label: "spark-cluster.role", value: "catalog" },
      { label: "spark-cluster.config", value: get("spark-catalog-config-volume").inputs.revision },
      { label: "spark-cluster.tmp", value: "128m" },
      { label: "spark-cluster.network", value: "spark-network-id" },
    ],
    networkMode: "spark-cluster-dev-network",
    networksAdvanced: [{ name: "spark-cluster-dev-network", aliases: ["catalog"] }],
    volumes: [
      { volumeName: "spark-cluster-dev-workspace", containerPath: "/opt/workspace", selinuxRelabel: "z" },
      { volumeName: "spark-cluster-dev-catalog-files", containerPath: "/etc/spark-cluster", readOnly: true, selinuxRelabel: "z" },
      { volumeName: "spark-cluster-dev-catalog", containerPath: "/var/lib/catalog", selinuxRelabel: "z" },
    ],
    envs: [],
    memory: 512 + 128,
    cpus: "2.0",
    memorySwap: 512 + 128,
    tmpfs: { "/tmp": "rw,exec,nosuid,nodev,mode=1777,size=128m" },
    healthcheck: { tests: ["CMD", "catalog-answers"], interval: "30s", timeout: "10s", retries: 3, startPeriod: "30s" },
  });
  expect(database.options).toMatchObject({ parent: "spark-catalog", ...containerOptions });
  expect(get("spark-catalog-data-volume").options).toMatchObject({ retainOnDelete: true });
});

test("with it, drivers learn where tables are, the notebooks' and Spark Connect's; master and workers do not", async () => {
  const [own, beside] = [await runCluster({ catalog: "session" }), await runCluster(shared)];
  const { added, removed, changed } = difference(own, beside);
  expect(added.sort()).toEqual([
    "spark-catalog-config-volume",
    name,
    "spark-catalog-data-volume",
    "spark-catalog-password",
    "spark-image-catalog",
  ]);
  expect({ removed, changed: changed.sort() }).toEqual({
    removed: [],
    changed: ["spark-driver-config-volume", "spark-pids", "spark-ready"],
  });

  const { get } = await runCluster({ ...shared, sparkConnect: "true" });
  for (const files of ["spark-driver-config-volume", "spark-connect-config-volume"]) {
    const { "spark-defaults.conf": properties = "" } = JSON.parse(String(get(files).inputs.files)) as Record<string, string>;
    expect(parse(properties)).toMatchObject({
      "spark.hadoop.javax.jdo.option.ConnectionPassword": "value of spark-catalog-password",
    });
  }
});

test("the password stands in no input that is not a secret, and is turned with the other one inside the cluster", async () => {
  const { resources, get } = await runCluster({ ...shared, secretGeneration: "7" });
  const told = resources.filter(({ inputs }) => JSON.stringify(inputs).includes("value of spark-catalog-password"));
  expect(told.map(({ name: each }) => each).sort()).toEqual(["spark-catalog-config-volume", "spark-driver-config-volume"]);
  for (const { secrets } of told) {
    expect(secrets).toEqual(["files"]);
  }
  expect(get("spark-catalog-password").inputs).toMatchObject({ generation: "7" });
});
