import { parse } from "dot-properties";

import { imagesOf } from "../../../images/plan";
import { enterProjectCopy } from "../helpers/folders";
import { runCluster } from "../helpers/cluster";
import { engines } from "../helpers/engine";
import { customResources, difference, Registration, resolved, Run, unknown } from "../helpers/mocks";

beforeAll(() => {
  enterProjectCopy();
});

const imageNames = imagesOf({ sizes: { catalog: "session" } });
const filesOf = (resource: Registration) => JSON.parse(String(resource.inputs.files)) as Record<string, string>;
/** What it is called on the engine. */
const nameOf = (inputs: Registration["inputs"]) => String(inputs.name ?? inputs.volume);
const runningContainers = [
  "spark-master-container",
  "spark-worker-1",
  "spark-worker-2",
  "spark-jupyterlab-container",
  "spark-history-server-container",
];

const namesByType =
  ({ resources }: Run<unknown>) =>
  (type: string) =>
    customResources(resources)
      .filter((each) => each.type.endsWith(`:${type}`))
      .map(({ name }) => name);

test("a cluster is these resources and no others", async () => {
  const cluster = await runCluster();
  const byType = namesByType(cluster);
  expect(byType("Container").sort()).toEqual([...runningContainers].sort());
  expect(byType("Network")).toEqual(["spark-network"]);
  expect(byType("Volume").sort()).toEqual([
    "spark-ide-home-volume",
    "spark-master-state",
    "spark-worker-1-local",
    "spark-worker-2-local",
    "spark-workspace-volume",
  ]);
  expect(byType("RemoteImage")).toHaveLength(imageNames.length);
  expect(byType("FilledVolume").sort()).toEqual([
    "spark-daemon-config-volume",
    "spark-driver-config-volume",
    "spark-history-config-volume",
  ]);
  expect(byType("GeneratedSecret")).toEqual(["spark-token", "spark-rpc-secret"]);
  expect(byType("StackHome")).toEqual(["spark-home"]);
  expect(byType("Readiness")).toEqual(["spark-ready"]);
  expect(byType("PidsLimit")).toEqual(["spark-pids"]);
  expect(customResources(cluster.resources)).toHaveLength(5 + 1 + 5 + imageNames.length + 3 + 2 + 1 + 1 + 1);
});

test.each(Object.values(engines))("on $kind, a preview registers the same resources as an up", async (engine) => {
  const names = async (preview: boolean) =>
    (await runCluster({}, { preview, engine })).resources.map(({ type, name }) => `${type} ${name}`);
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
  const labelled = customResources(resources).filter(({ type }) => /:(Container|Network|Volume|FilledVolume)$/.test(type));
  expect(labelled).toHaveLength(5 + 1 + 5 + 3);
  for (const { inputs } of labelled) {
    expect(inputs.labels).toEqual(
      expect.arrayContaining([
        { label: "spark-cluster.stack", value: "dev" },
        { label: "spark-cluster.home", value: "spark-home-id" },
      ]),
    );
    expect(nameOf(inputs)).toMatch(/^spark-cluster-dev-/);
  }
});

test("two stacks share no name on the engine but their images'", async () => {
  const names = async (stack: string) =>
    customResources((await runCluster({}, { stack })).resources)
      .filter(({ type }) => /^docker:(?!.*:RemoteImage$)|:FilledVolume$/.test(type))
      .map(({ type, inputs }) => `${type} ${nameOf(inputs)}`);
  const one = await names("one");
  expect(one).toHaveLength(5 + 1 + 5 + 3);
  expect(new Set([...one, ...(await names("other"))]).size).toBe(2 * one.length);
});

test("every running container sees the shared volume at the same path, and is on the stack's network alone", async () => {
  const { get } = await runCluster();
  for (const name of runningContainers) {
    const { inputs } = get(name);
    const workspace = { volumeName: "spark-cluster-unit-workspace", containerPath: "/opt/workspace", selinuxRelabel: "z" };
    expect(inputs.volumes).toContainEqual(workspace);
    expect(inputs.networkMode).toBe("spark-cluster-unit-network");
    expect(inputs.networksAdvanced).toHaveLength(1);
  }
});

test("master and workers read the daemons' file; notebooks read the drivers' and the token", async () => {
  const { get } = await runCluster({ sparkProperties: { "spark.sql.shuffle.partitions": 9 } });
  const daemon = filesOf(get("spark-daemon-config-volume"));
  const driver = filesOf(get("spark-driver-config-volume"));
  expect(Object.keys(daemon)).toEqual(["spark-defaults.conf"]);
  expect(parse(daemon["spark-defaults.conf"] ?? "")).toMatchObject({
    "spark.authenticate.secret": "value of spark-rpc-secret",
    "spark.master.rest.enabled": "false",
    "spark.ui.reverseProxyUrl": "http://localhost:8080",
  });
  expect(Object.keys(driver).sort()).toEqual(["jupyter-token", "log4j2.properties", "overrides.json", "spark-defaults.conf"]);
  expect(parse(driver["spark-defaults.conf"] ?? "")).toMatchObject({
    "spark.authenticate.secret": "value of spark-rpc-secret",
    "spark.ui.reverseProxyUrl": "http://localhost:8080",
    "spark.sql.shuffle.partitions": "9",
  });
  expect(driver["jupyter-token"]).toBe("value of spark-token");
});

test("token and RPC secret stand in no input that is not a secret", async () => {
  const { resources } = await runCluster({ sparkProperties: { "spark.hadoop.fs.s3a.secret.key": "hunter2" } });
  const told = customResources(resources).filter(({ inputs }) => /value of|hunter2/.test(JSON.stringify(inputs)));
  expect(told.map(({ name }) => name).sort()).toEqual(["spark-daemon-config-volume", "spark-driver-config-volume"]);
  for (const resource of told) {
    expect(resource.secrets).toEqual(["files"]);
  }
});

test("a preview of a new stack knows neither the files nor their revision, for the secrets in them are not made", async () => {
  const { get } = await runCluster({}, { preview: true });
  for (const name of ["spark-daemon-config-volume", "spark-driver-config-volume"]) {
    expect(get(name)).toMatchObject({ inputs: { files: unknown, revision: unknown } });
  }
});

test("the wait is for all containers and all workers", async () => {
  const { get } = await runCluster({ readyTimeout: "99" }, { stack: "dev", engine: engines.podman });
  expect(get("spark-ready").inputs).toEqual({
    engine: engines.podman,
    containers: [
      { name: "spark-cluster-dev-master", id: "spark-master-container-id", role: "master" },
      { name: "spark-cluster-dev-worker-1", id: "spark-worker-1-id", role: "worker" },
      { name: "spark-cluster-dev-worker-2", id: "spark-worker-2-id", role: "worker" },
      { name: "spark-cluster-dev-jupyterlab", id: "spark-jupyterlab-container-id", role: "jupyterlab" },
      { name: "spark-cluster-dev-history-server", id: "spark-history-server-container-id", role: "history-server" },
    ],
    workers: ["spark-worker-1", "spark-worker-2"],
    timeout: 99,
  });
});

test("the engine is recorded with the stack's home", async () => {
  const { get } = await runCluster({}, { engine: { kind: "docker", host: "ssh://server" } });
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

describe.each(Object.values(engines))("on $kind, an edit touches what it concerns", (engine) => {
  test.each<[string, Record<string, string | object>, string[]]>([
    ["nothing", {}, []],
    [
      "driverMemory, within the IDE's limit",
      { driverMemory: "900m", sessions: "1" },
      ["spark-driver-config-volume", "spark-jupyterlab-container"],
    ],
    ["driverMemory", { driverMemory: "4g" }, ["spark-driver-config-volume", "spark-jupyterlab-container"]],
    ["ideMemory", { ideMemory: "1g" }, ["spark-jupyterlab-container"]],
    ["masterMemory", { masterMemory: "1g" }, ["spark-master-container"]],
    ["daemonMemory", { daemonMemory: "512m" }, ["spark-worker-1", "spark-worker-2"]],
    ["workerMemory", { workerMemory: "4g" }, ["spark-worker-1", "spark-worker-2"]],
    ["workerCores", { workerCores: "3" }, ["spark-worker-1", "spark-worker-2"]],
    ["executorMemory, by as much as the workers have", { executorMemory: "500m" }, ["spark-driver-config-volume"]],
    ["logSize", { logSize: "5m" }, ["spark-daemon-config-volume", ...runningContainers]],
    [
      "workRetention",
      { workRetention: "2h" },
      ["spark-daemon-config-volume", "spark-master-container", "spark-worker-1", "spark-worker-2"],
    ],
    ["ideCores", { ideCores: "1" }, ["spark-jupyterlab-container"]],
    ["daemonCores", { daemonCores: "1" }, ["spark-history-server-container", "spark-master-container"]],
    ["pidsLimit", { pidsLimit: "4096" }, engine.kind === "docker" ? ["spark-pids"] : []],
    ["tmpMemory", { tmpMemory: "256m" }, runningContainers],
    [
      "ports.sparkUi, which is in every file",
      { ports: { sparkUi: 9999 } },
      ["spark-daemon-config-volume", "spark-driver-config-volume", "spark-master-container", "spark-worker-1", "spark-worker-2"],
    ],
    ["historyMemory", { historyMemory: "1g" }, ["spark-history-server-container"]],
    ["eventLogRetention", { eventLogRetention: "1d" }, ["spark-history-config-volume", "spark-history-server-container"]],
    ["ports.jupyterlab", { ports: { jupyterlab: 9999 } }, ["spark-jupyterlab-container"]],
    ["readyTimeout", { readyTimeout: "99" }, ["spark-ready"]],
    ["a package source", { pipIndexUrl: "https://pip.example.com" }, []],
  ])("%s", async (_, edit, expected) => {
    const { added, removed, changed } = difference(
      await runCluster({}, { engine }),
      await runCluster(edit as Parameters<typeof runCluster>[0], { engine }),
    );
    expect({ added, removed, changed: changed.sort() }).toEqual({ added: [], removed: [], changed: [...expected].sort() });
  });
});

describe("a cluster on Podman", () => {
  const onPodman = (written: Parameters<typeof runCluster>[0] = {}) => runCluster(written, { engine: engines.podman });

  test("is the one on Docker, and what Podman's own client brings", async () => {
    const [docker, podman] = [await runCluster(), await onPodman()];
    const [ofDocker, ofPodman] = [namesByType(docker), namesByType(podman)];
    for (const type of [
      "Container",
      "Network",
      "Volume",
      "RemoteImage",
      "FilledVolume",
      "GeneratedSecret",
      "StackHome",
      "Readiness",
    ]) {
      expect(ofDocker(type).length).toBeGreaterThan(0);
      expect(ofPodman(type)).toEqual(ofDocker(type));
    }
    expect(ofDocker("SuppliedImage")).toEqual([]);
    expect([ofDocker("PidsLimit"), ofPodman("PidsLimit")]).toEqual([["spark-pids"], []]);
    expect(ofPodman("SuppliedImage")).toHaveLength(imageNames.length);
    expect(customResources(podman.resources)).toHaveLength(
      customResources(docker.resources).length - ofDocker("PidsLimit").length + imageNames.length,
    );
  });

  test("has each container on its network under its name, without networksAdvanced", async () => {
    const { get } = await onPodman();
    const hosts = runningContainers.map((name) => {
      const { inputs } = get(name);
      expect(inputs).not.toHaveProperty("networksAdvanced");
      expect(inputs.networkMode).toBe(`spark-cluster-unit-network:alias=${String(inputs.hostname)}`);
      return inputs.hostname;
    });
    expect(hosts).toEqual(["spark-master", "spark-worker-1", "spark-worker-2", "jupyterlab", "history-server"]);
  });

  test("is asked for by Podman's own client in all that the provider does not do", async () => {
    const told = (await onPodman()).resources.filter(({ inputs }) => "engine" in inputs);
    expect(told).toHaveLength(imageNames.length + 3 + 1);
    expect(told.map(({ inputs }) => inputs.engine)).toEqual(told.map(() => engines.podman));
  });

  test("makes containers anew for other limits, and looks at nothing that Podman says in other words", async () => {
    const { get } = await onPodman();
    for (const name of runningContainers) {
      const { replaceOnChanges, ignoreChanges } = get(name).options;
      expect(replaceOnChanges).toEqual(expect.arrayContaining(["cpus", "memory", "memorySwap"]));
      expect(ignoreChanges).toEqual(expect.arrayContaining(["capabilities", "logOpts", "networkMode", "tmpfs"]));
    }
    expect(get("spark-network").options.ignoreChanges).toEqual(["ipamOptions"]);
  });

  test("still makes its containers anew for what it does not look at: /tmp and the network are labels", async () => {
    const { get } = await onPodman({ tmpMemory: "256m" });
    for (const name of runningContainers) {
      expect(get(name).inputs.labels).toEqual(
        expect.arrayContaining([
          { label: "spark-cluster.tmp", value: "256m" },
          { label: "spark-cluster.network", value: "spark-network-id" },
        ]),
      );
    }
  });

  test("changes limits in place on Docker, which can", async () => {
    const { get } = await runCluster();
    for (const name of runningContainers) {
      expect(get(name).options).toMatchObject({ replaceOnChanges: [], ignoreChanges: [] });
    }
  });
});

test.each(Object.values(engines))("on $kind, images that are pulled change nothing but the images", async (engine) => {
  const pulling = { imageSource: "pull", imageRegistry: "registry.example.com/team" };
  const { added, removed, changed } = difference(await runCluster({}, { engine }), await runCluster(pulling, { engine }));
  expect([...added, ...changed].every((name) => name.startsWith("spark-image-"))).toBe(true);
  expect(changed.length).toBeGreaterThanOrEqual(imageNames.length);
  expect(removed).toEqual([]);
});
