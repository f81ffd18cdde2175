import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { SparkCluster } from "../../../components/sparkCluster";
import { revisionOf } from "../../../engine/revision";
import { roles } from "../../../roles";
import { imagesOf } from "../../../images/plan";
import { engines } from "../../../testbed/engines/socketsOfRoot";
import { clusterConfig } from "../../../testbed/stackConfig";
import { ownFiles, temporaryFolder } from "../helpers/folders";
import { containerOptions, hardening, owned, runCluster } from "../helpers/cluster";
import { run, unknown } from "../helpers/mocks";

const everyServer = { sparkConnect: "true", catalog: "shared", objectStore: "true" };
const written = {
  ...everyServer,
  bindAddress: "10.0.0.1",
  ports: { jupyterlab: 1111, sparkUi: 2222, historyServer: 3333, sparkConnect: 4444, objectStore: 5555 },
  tmpMemory: "64m",
  masterMemory: "1g",
  historyMemory: "768m",
  catalogMemory: "512m",
  objectStoreMemory: "300m",
  daemonMemory: "300m",
  workerMemory: "1536m",
  workerCores: "3",
  daemonCores: "1",
  ideCores: "4",
  tokenGeneration: "two",
  timeZone: "Asia/Kolkata",
};
const { sizes } = clusterConfig(written);

interface Expected {
  readonly name: string;
  readonly role: string;
  /** Whether it does not see the workspace. */
  readonly isApart?: true;
  /** The last word of its name on the engine, if that is not its role. */
  readonly part?: string;
  readonly host: string;
  /** Whose files it reads. */
  readonly files: string;
  /** What makes it anew: another content of its files, unless told otherwise. */
  readonly anew?: "token";
  readonly published?: { readonly internal: number; readonly external: number; readonly ip: string };
  /** Volumes of its own: name on the engine after the stack's -> place. */
  readonly volumes: readonly (readonly [string, string])[];
  readonly envs: readonly string[];
  readonly memory: number;
  readonly cpus: string;
  readonly rest?: object;
  readonly healthcheck: string;
}

const daemon = (heap: string) => [
  "SPARK_DAEMON_JAVA_OPTS=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
  `SPARK_DAEMON_MEMORY=${heap}`,
];
const containers: readonly Expected[] = [
  {
    ...{ name: "spark-master-container", role: "master", host: "spark-master", files: "daemon", healthcheck: "master-state" },
    published: { internal: 8080, external: 2222, ip: "10.0.0.1" },
    volumes: [["master-state", "/var/lib/spark"]],
    ...{ envs: daemon("512m"), memory: 1024 + 64, cpus: "1.0" },
  },
  {
    ...{ name: "spark-worker-2", role: "worker", part: "worker-2", host: "spark-worker-2", files: "daemon" },
    volumes: [["worker-2-local", "/var/lib/spark"]],
    envs: [
      ...[...daemon("150m"), "SPARK_LOCAL_DIRS=/var/lib/spark/local", "SPARK_WORKER_CORES=3"],
      ...["SPARK_WORKER_DIR=/var/lib/spark/work", "SPARK_WORKER_MEMORY=1536m"],
    ],
    ...{ memory: roles.worker.memory(sizes), cpus: "3.0", healthcheck: "worker-registered" },
  },
  {
    ...{ name: "spark-jupyterlab-container", role: "jupyterlab", host: "jupyterlab", files: "driver" },
    anew: "token",
    published: { internal: 8888, external: 1111, ip: "10.0.0.1" },
    volumes: [
      ["jupyterlab-home", "/home/spark"],
      ["workspace", "/opt/python/workspace"],
    ],
    envs: [
      "SPARK_CLUSTER_MASTER=spark://spark-master:7077",
      ...["SPARK_LOCAL_DIRS=/home/spark/.cache/spark", "TMPDIR=/opt/workspace/.spark-cluster/temporary/jupyterlab/python"],
      "MLFLOW_DFS_TMP=/opt/workspace/.spark-cluster/temporary/jupyterlab/mlflow",
      ...["AWS_ENDPOINT_URL_S3=http://object-store:7070", "AWS_REGION=us-east-1", "AWS_DEFAULT_REGION=us-east-1"],
      "AWS_SHARED_CREDENTIALS_FILE=/etc/spark-cluster/aws-credentials",
    ],
    ...{ memory: roles.jupyterlab.memory(sizes), cpus: "4.0", healthcheck: "jupyterlab-answers" },
    rest: { cpuShares: 2048 },
  },
  {
    ...{ name: "spark-history-server-container", role: "history-server", host: "history-server", files: "history" },
    published: { internal: 18080, external: 3333, ip: "10.0.0.1" },
    ...{ volumes: [], envs: daemon("384m"), memory: 768 + 64, cpus: "1.0", healthcheck: "history-server-lists" },
    rest: { cpuShares: 128 },
  },
  {
    ...{ name: "spark-connect-container", role: "connect", host: "connect", files: "connect" },
    published: { internal: 15002, external: 4444, ip: "127.0.0.1" }, // to its machine alone
    volumes: [["connect-local", "/var/lib/spark"]],
    ...{ envs: ["SPARK_LOCAL_DIRS=/var/lib/spark/local"], memory: 1024 + 384 + 512 + 64, cpus: "4.0" },
    healthcheck: "spark-connect-answers",
  },
  {
    ...{ name: "spark-catalog-container", role: "catalog", host: "catalog", files: "catalog", isApart: true },
    volumes: [["catalog", "/var/lib/catalog"]],
    ...{ envs: [], memory: 512 + 64, cpus: "1.0", healthcheck: "catalog-answers" },
  },
  {
    ...{ name: "spark-object-store-container", role: "object-store", host: "object-store", files: "object-store", isApart: true },
    published: { internal: 7070, external: 5555, ip: "127.0.0.1" }, // to its machine alone
    volumes: [["object-store", "/var/lib/object-store"]],
    ...{ envs: ["BUCKETS=spark", "GOMEMLIMIT=240MiB"], memory: 300 + 64, cpus: "1.0", healthcheck: "object-store-answers" },
  },
];
const imageOf: Readonly<Record<string, string>> = { master: "spark-master", worker: "spark-worker", connect: "spark-connect" };

test.each(containers)("$name has its name, limits, mounts and ports, is closed, and has nothing else", async (expected) => {
  const { name, role, host, files, memory } = expected;
  const { get } = await runCluster(written, { stack: "dev" });
  const volume = (volumeName: string, containerPath: string) => ({
    volumeName: `spark-cluster-dev-${volumeName}`,
    containerPath,
    selinuxRelabel: "z", // readable on a host with SELinux
  });
  const { inputs, options, type, secrets } = get(name);
  expect(type).toBe("docker:index/container:Container");
  expect(inputs).toEqual({
    ...hardening,
    name: `spark-cluster-dev-${expected.part ?? role}`,
    hostname: host,
    image: `sha256:spark-image-${imageOf[role] ?? role}`,
    labels: [
      ...owned,
      { label: "spark-cluster.role", value: role },
      expected.anew === "token"
        ? { label: "spark-cluster.token", value: revisionOf("value of spark-token-two") }
        : { label: "spark-cluster.config", value: get(`spark-${files}-config-volume`).inputs.revision },
      // The provider does nothing for another size of /tmp or another network of the same name: these make the container anew.
      { label: "spark-cluster.tmp", value: "64m" },
      { label: "spark-cluster.network", value: "spark-network-id" },
    ],
    networkMode: "spark-cluster-dev-network",
    networksAdvanced: [{ name: "spark-cluster-dev-network", aliases: [host] }],
    hosts: [{ host: "host.docker.internal", ip: "host-gateway" }],
    ...(expected.published === undefined ? {} : { ports: [expected.published] }),
    volumes: [
      ...(expected.isApart ? [] : [volume("workspace", "/opt/workspace")]),
      { ...volume(`${files}-files`, "/etc/spark-cluster"), readOnly: true },
      ...expected.volumes.map(([volumeName, path]) => volume(volumeName, path)),
    ],
    envs: [...expected.envs, "TZ=Asia/Kolkata"],
    memory,
    memorySwap: memory, // so that there is no swap
    cpus: expected.cpus,
    ...expected.rest,
    tmpfs: { "/tmp": "rw,exec,nosuid,nodev,mode=1777,size=64m" },
    healthcheck: { tests: ["CMD", expected.healthcheck], interval: "30s", timeout: "10s", retries: 3, startPeriod: "30s" },
  });
  expect(secrets).toEqual([]);
  const parent = name.replace(/(-container|-\d)$/, "");
  expect(options).toMatchObject({ parent, ...containerOptions, ignoreChanges: ["ulimits"], replaceOnChanges: [] });
  // Touched once every image is there and its files are written.
  const images = imagesOf(clusterConfig()).map((image) => `spark-image-${image}`);
  expect(options.dependencies).toEqual(expect.arrayContaining([...images, `spark-${files}-config-files`]));
});

test.each(containers)(
  "on Podman, $name joins the network by its mode, and is made anew for other limits, which Podman cannot change, and other logs",
  async ({ name, host }) => {
    const { networksAdvanced: _, ulimits: __, hosts: ___, ...inputs } = (await runCluster(everyServer)).get(name).inputs;
    const read = { engine: engines.podman, bridgeMoves: true };
    const podman = (await runCluster(everyServer, { engine: engines.podman, read })).get(name);
    const labels = [...(inputs.labels as object[])];
    labels.splice(
      -1,
      0,
      { label: "spark-cluster.log", value: "30m" },
      { label: "spark-cluster.bridge", value: "1000,1,200,1,3" },
    );
    const { sysctls, ...others } = podman.inputs;
    const own = { restart: "always", logOpts: { "max-size": "30m" } };
    expect(others).toEqual({ ...inputs, ...own, labels, networkMode: `spark-cluster-unit-network:alias=${host}` });
    expect(sysctls).toMatchObject({ "net.ipv4.neigh.eth0.base_reachable_time_ms": "1000" });
    expect(podman.options).toMatchObject(containerOptions);
    expect([...podman.options.replaceOnChanges].sort()).toEqual(["cpus", "memory", "memorySwap"]);
    const ignored = ["capabilities", "logOpts", "networkMode", "sysctls", "tmpfs", "usernsMode"];
    expect([...podman.options.ignoreChanges].sort()).toEqual(ignored);
  },
);

test.each(containers)(
  "a preview knows all of $name but ids, and what has a secret in it",
  async ({ name, files, anew = "config" }) => {
    const { inputs } = (await runCluster(everyServer, { preview: true })).get(name);
    const labels = inputs.labels as readonly { readonly label: string; readonly value: string }[];
    const hidden = labels.filter(({ value }) => value === unknown).map(({ label }) => label.replace("spark-cluster.", ""));
    expect(hidden).toEqual(["home", ...(files === "history" ? [] : [anew]), "network"]);
    expect(inputs.image).toBe(unknown);
    expect(JSON.stringify({ ...inputs, image: "", labels: "" })).not.toContain(unknown);
  },
);

test("a container has the revision that its files have on the volume: an up of the container alone does not write them", async () => {
  const outputs = { "spark-daemon-config-volume": { revision: "older" } };
  const { get } = await run(() => new SparkCluster("spark", { config: clusterConfig(), engine: engines.docker }), { outputs });
  expect(get("spark-worker-1").inputs.labels).toContainEqual({ label: "spark-cluster.config", value: "older" });
});

test("on an engine that cannot limit containers no limit is asked for, which a refresh would not find", async () => {
  const { get } = await runCluster(everyServer, { read: { limits: false } });
  for (const { name } of containers) {
    expect(Object.keys(get(name).inputs).filter((input) => /memory|cpu/i.test(input))).toEqual([]);
  }
});

test("with a folder of the host as the workspace, containers but the database run as its owner, with volumes of their own", async () => {
  const [folder, data] = [temporaryFolder(), temporaryFolder()];
  const written = { workspaceFolder: folder, folders: { raw: `${data}:ro` } };
  mkdirSync(join(folder, "raw"));
  ownFiles(() => 1234);
  const { get, resources } = await runCluster(written, { stack: "dev" });
  const mounts = [
    { hostPath: folder, containerPath: "/opt/workspace", selinuxRelabel: "z" },
    { hostPath: data, containerPath: "/opt/workspace/raw", readOnly: true, selinuxRelabel: "z" },
    { volumeName: "spark-cluster-dev-jupyterlab-home-1234", containerPath: "/home/spark", selinuxRelabel: "z" },
    { hostPath: folder, containerPath: "/opt/python/workspace", selinuxRelabel: "z" },
  ];
  const lab = get("spark-jupyterlab-container").inputs;
  expect(lab).toMatchObject({ user: "1234:1235", groupAdds: ["1000"], volumes: expect.arrayContaining(mounts) as unknown });
  expect(lab.envs).toEqual(expect.arrayContaining(["HOME=/home/spark", "WORKSPACE_OF_HOST=true"]));
  const catalog = get("spark-catalog-container").inputs;
  expect(catalog).not.toHaveProperty("user");
  const ofFolder = `spark-cluster-dev-catalog-${revisionOf(folder).slice(0, 8)}`;
  expect(catalog.volumes).toMatchObject([{ containerPath: "/etc/spark-cluster" }, { volumeName: ofFolder }]);
  expect(resources.map(({ name }) => name)).not.toContain("spark-workspace-volume");
  const rootless = await runCluster(written, {
    stack: "dev",
    engine: engines.podman,
    read: { users: "rootless", engine: engines.podman },
  });
  for (const name of ["spark-jupyterlab-container", "spark-catalog-container"]) {
    expect(rootless.get(name).inputs).toMatchObject({ usernsMode: "keep-id:uid=1000,gid=1000" });
    expect(rootless.get(name).inputs).not.toHaveProperty("user");
    expect(rootless.get(name).inputs).not.toHaveProperty("sysctls"); // the network comes after them, and they would stop the start
    expect(JSON.stringify(rootless.get(name).inputs.volumes)).toContain("-mapped");
  }
});
