import { parse } from "dot-properties";

import { enterProjectCopy } from "../helpers/folders";
import { runCluster } from "../helpers/cluster";
import { customResources, difference, Registration, resolved, unknown } from "../helpers/mocks";

beforeAll(() => {
  enterProjectCopy();
});

const uploads = (resource: Registration) => resource.inputs.uploads as { file: string; content: string }[];
const contentOf = (resource: Registration, file: string) =>
  uploads(resource).find((upload) => upload.file === `/etc/spark-cluster/${file}`)?.content;
const runningContainers = ["spark-master-container", "spark-worker-1", "spark-worker-2", "spark-jupyterlab-container"];

test("a cluster is these resources and no others", async () => {
  const { resources } = await runCluster();
  const byType = (type: string) =>
    customResources(resources)
      .filter((each) => each.type.endsWith(type))
      .map(({ name }) => name);
  expect(byType("Container").sort()).toEqual(
    ["spark-daemon-config-writer", "spark-driver-config-writer", ...runningContainers].sort(),
  );
  expect(byType("Network")).toEqual(["spark-network"]);
  expect(byType("Volume").sort()).toEqual([
    "spark-daemon-config-volume",
    "spark-driver-config-volume",
    "spark-ide-home-volume",
    "spark-worker-1-local",
    "spark-worker-2-local",
    "spark-workspace-volume",
  ]);
  expect(byType("RemoteImage")).toHaveLength(5);
  expect(byType("GeneratedSecret")).toEqual(["spark-token", "spark-rpc-secret"]);
  expect(byType("StackHome")).toEqual(["spark-home"]);
  expect(byType("Readiness")).toEqual(["spark-ready"]);
  expect(customResources(resources)).toHaveLength(6 + 1 + 6 + 5 + 2 + 1 + 1);
});

test("a preview registers the same resources as an up", async () => {
  const names = async (preview: boolean) =>
    (await runCluster({}, { preview })).resources.map(({ type, name }) => `${type} ${name}`);
  expect(await names(true)).toEqual(await names(false));
});

test("all components stand under one cluster", async () => {
  const { resources } = await runCluster();
  const parents = new Map(resources.map(({ name, options }) => [name, options.parent]));
  expect(resources[0]).toMatchObject({ type: "spark-cluster:index:SparkCluster", name: "spark", options: { parent: undefined } });
  for (const { options } of resources.slice(1)) {
    expect([...parents.keys()]).toContain(options.parent);
  }
});

test("everything on the engine that can carry labels carries the stack's", async () => {
  const { resources } = await runCluster({}, { stack: "dev" });
  const labelled = customResources(resources).filter(({ type }) => /:(Container|Network|Volume)$/.test(type));
  expect(labelled).toHaveLength(13);
  for (const { inputs } of labelled) {
    expect(inputs.labels).toEqual(
      expect.arrayContaining([
        { label: "spark-cluster.stack", value: "dev" },
        { label: "spark-cluster.home", value: "spark-home-id" },
      ]),
    );
    expect(inputs.name).toMatch(/^spark-cluster-dev-/);
  }
});

test("two stacks share no name on the engine but their images'", async () => {
  const names = async (stack: string) =>
    customResources((await runCluster({}, { stack })).resources)
      .filter(({ type }) => type.startsWith("docker:") && !type.endsWith("RemoteImage"))
      .map(({ type, inputs }) => `${type} ${String(inputs.name)}`);
  const one = await names("one");
  expect(new Set([...one, ...(await names("other"))]).size).toBe(2 * one.length);
});

test("every running container sees the shared volume at the same path, and is on the stack's network alone", async () => {
  const { get } = await runCluster();
  for (const name of runningContainers) {
    const { inputs } = get(name);
    expect(inputs.volumes).toContainEqual({ volumeName: "spark-cluster-unit-workspace", containerPath: "/opt/workspace" });
    expect(inputs.networkMode).toBe("spark-cluster-unit-network");
    expect(inputs.networksAdvanced).toHaveLength(1);
  }
});

test("master and workers read the daemons' file; notebooks read the drivers' and the token", async () => {
  const { get } = await runCluster({ sparkProperties: { "spark.sql.shuffle.partitions": 8 } });
  const daemon = get("spark-daemon-config-writer");
  const driver = get("spark-driver-config-writer");
  expect(uploads(daemon)).toHaveLength(1);
  expect(parse(contentOf(daemon, "spark-defaults.conf") ?? "")).toMatchObject({
    "spark.authenticate.secret": "value of spark-rpc-secret",
    "spark.master.rest.enabled": "false",
    "spark.ui.reverseProxyUrl": "http://localhost:8080",
  });
  expect(parse(contentOf(driver, "spark-defaults.conf") ?? "")).toMatchObject({
    "spark.authenticate.secret": "value of spark-rpc-secret",
    "spark.ui.reverseProxyUrl": "http://localhost:8080",
    "spark.sql.shuffle.partitions": "8",
  });
  expect(contentOf(driver, "jupyter-token")).toBe("value of spark-token");
});

test("token and RPC secret stand in no input that is not a secret", async () => {
  const { resources } = await runCluster({ sparkProperties: { "spark.hadoop.fs.s3a.secret.key": "hunter2" } });
  const told = customResources(resources).filter(({ inputs }) => /value of|hunter2/.test(JSON.stringify(inputs)));
  expect(told.map(({ name }) => name).sort()).toEqual(["spark-daemon-config-writer", "spark-driver-config-writer"]);
  for (const resource of told) {
    expect(resource.secrets).toEqual(uploads(resource).map((_, index) => `uploads.${String(index)}.content`));
  }
});

test("a preview of a new stack cannot know the files, and keeps them secret", async () => {
  const { get } = await runCluster({}, { preview: true });
  expect(uploads(get("spark-driver-config-writer")).map(({ content }) => content)).toEqual([unknown, unknown]);
});

test("the wait is for all containers and all workers", async () => {
  const { get } = await runCluster({ readyTimeout: "99" }, { stack: "dev", engineHost: "ssh://server" });
  expect(get("spark-ready").inputs).toEqual({
    host: "ssh://server",
    containers: [
      { name: "spark-cluster-dev-master", id: "spark-master-container-id" },
      { name: "spark-cluster-dev-worker-1", id: "spark-worker-1-id" },
      { name: "spark-cluster-dev-worker-2", id: "spark-worker-2-id" },
      { name: "spark-cluster-dev-jupyterlab", id: "spark-jupyterlab-container-id" },
    ],
    master: "spark-cluster-dev-master",
    ide: "spark-cluster-dev-jupyterlab",
    workers: ["spark-worker-1", "spark-worker-2"],
    timeout: 99,
  });
});

test("the engine is recorded with the stack's home", async () => {
  const { get } = await runCluster({}, { engineHost: "ssh://server" });
  expect(get("spark-home").inputs).toEqual({ host: "ssh://server" });
});

describe("the addresses", () => {
  test.each([
    ["127.0.0.1", "localhost"],
    ["0.0.0.0", "localhost"],
    ["::", "localhost"],
    ["10.0.0.1", "10.0.0.1"],
    ["::1", "[::1]"],
  ])("bound to %s are opened at %s", async (bindAddress, host) => {
    const { result } = await runCluster({ bindAddress, ports: { jupyterlab: 1234, sparkUi: 4321 } });
    expect(result.uiUrl).toBe(`http://${host}:4321`);
    expect(await resolved(result.jupyterlabUrl)).toEqual({
      value: `http://${host}:1234/lab?token=value of spark-token`,
      known: true,
      secret: true,
    });
    expect(result.masterUrl).toBe("spark://spark-master:7077");
  });

  test("in a preview, JupyterLab's is not known, for its token is not", async () => {
    const { result } = await runCluster({}, { preview: true });
    expect(await resolved(result.jupyterlabUrl)).toMatchObject({ known: false });
    expect(result.uiUrl).toBe("http://localhost:8080");
  });
});

describe("an edit touches what it concerns", () => {
  test.each<[string, Record<string, string | object>, string[]]>([
    ["nothing", {}, []],
    [
      "driverMemory, within the IDE's limit",
      { driverMemory: "900m", sessions: "1" },
      ["spark-driver-config-writer", "spark-jupyterlab-container"],
    ],
    ["driverMemory", { driverMemory: "4g" }, ["spark-driver-config-writer", "spark-jupyterlab-container"]],
    ["ideMemory", { ideMemory: "1g" }, ["spark-jupyterlab-container"]],
    ["masterMemory", { masterMemory: "1g" }, ["spark-master-container"]],
    ["daemonMemory", { daemonMemory: "512m" }, ["spark-worker-1", "spark-worker-2"]],
    ["workerMemory", { workerMemory: "4g" }, ["spark-worker-1", "spark-worker-2"]],
    ["workerCores", { workerCores: "3" }, ["spark-worker-1", "spark-worker-2"]],
    ["executorMemory, by as much as the workers have", { executorMemory: "500m" }, ["spark-driver-config-writer"]],
    ["tmpMemory", { tmpMemory: "256m" }, runningContainers],
    ["ports.jupyterlab", { ports: { jupyterlab: 9999 } }, ["spark-jupyterlab-container"]],
    ["readyTimeout", { readyTimeout: "99" }, ["spark-ready"]],
    ["a package source", { pipIndexUrl: "https://pip.example.com" }, []],
  ])("%s", async (_, edit, expected) => {
    const { added, removed, changed } = difference(
      await runCluster(),
      await runCluster(edit as Parameters<typeof runCluster>[0]),
    );
    expect({ added, removed, changed: changed.sort() }).toEqual({ added: [], removed: [], changed: [...expected].sort() });
  });
});
