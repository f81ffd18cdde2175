import { parse } from "dot-properties";

import { driverLogging } from "../../../spark/logging";
import { imagesOf } from "../../../images/plan";
import { engines } from "../../../testbed/engines/socketsOfRoot";
import { clusterConfig } from "../../../testbed/stackConfig";
import { owned, runCluster } from "../helpers/cluster";
import { customResources, Registration, resolved, Run, unknown } from "../helpers/mocks";

const images = imagesOf(clusterConfig());
const filesOf = (resource: Registration) => JSON.parse(String(resource.inputs.files)) as Record<string, string>;
const propertiesOf = (resource: Registration) => parse(filesOf(resource)["spark-defaults.conf"] ?? "");
/** What it is called on the engine. */
const nameOf = (inputs: Registration["inputs"]) => String(inputs.name ?? inputs.volume);

/** Names of the resources by the last word of their type. */
function byType({ resources }: Run<unknown>): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const { type, name } of customResources(resources)) {
    (found[type.replace(/.*:/, "")] ??= []).push(name);
  }
  return Object.fromEntries(Object.entries(found).map(([type, names]) => [type, names.sort()]));
}

const whole = {
  Container: [
    ...["spark-catalog-container", "spark-history-server-container", "spark-jupyterlab-container", "spark-master-container"],
    ...["spark-worker-1", "spark-worker-2"],
  ],
  Network: ["spark-network"],
  Volume: [
    ...[
      "spark-catalog-config-files",
      "spark-catalog-data-volume",
      "spark-daemon-config-files",
      "spark-driver-config-files",
      "spark-history-config-files",
      "spark-ide-home-volume",
      "spark-master-state",
      "spark-worker-1-local",
      "spark-worker-2-local",
    ],
    "spark-workspace-volume",
  ],
  RemoteImage: images.map((image) => `spark-image-${image}`).sort(),
  StageBuild: ["spark-image-jupyterlab-environment"],
  FilledVolume: [
    "spark-catalog-config-volume",
    "spark-daemon-config-volume",
    "spark-driver-config-volume",
    "spark-history-config-volume",
  ],
  Stash: ["spark-catalog-password", "spark-home", "spark-rpc-secret", "spark-token"],
  Readiness: ["spark-ready"],
  docker: ["spark-engine"], // the provider
};

test("a cluster is these resources and no others; on Podman, its own client brings the images, and sets no limit of processes", async () => {
  expect(byType(await runCluster())).toEqual({ ...whole, PidsLimit: ["spark-pids"] });
  const SuppliedImage = images.map((image) => `spark-image-${image}-supplied`).sort();
  const podman = await runCluster({}, { engine: engines.podman });
  expect(byType(podman)).toEqual({ ...whole, SuppliedImage });
  const told = podman.resources.filter(({ inputs }) => "engine" in inputs);
  expect(told).toHaveLength(images.length + 4 + 2);
  expect(told.map(({ inputs }) => inputs.engine)).toEqual(told.map(() => engines.podman));
});

test.each(Object.values(engines).flatMap((engine) => [true, false].map((preview) => ({ engine, preview }))))(
  "no resource depends on one of another provider, and readiness waits for all containers; $engine.kind, preview: $preview",
  async ({ engine, preview }) => {
    const { resources, get } = await runCluster({ sparkConnect: "true", objectStore: "true" }, { engine, preview });
    const kindOf = ({ type }: Registration) => type.split(":")[0];
    for (const resource of customResources(resources)) {
      const needed = resource.options.dependencies.filter((name) => name !== "spark-engine").map((name) => get(name));
      expect([resource.name, ...new Set(needed.map(kindOf))]).toEqual([resource.name, ...(needed.length > 0 ? ["docker"] : [])]);
      expect(needed.length === 0 || kindOf(resource) === "docker").toBe(true);
    }
    expect(get("spark-ready").inputs.containers === unknown).toBe(preview);
  },
);

test.each(Object.values(engines))("on $kind, a preview registers the same resources as an up", async (engine) => {
  const names = async (preview: boolean) =>
    // What is unknown in a preview comes at another time.
    (await runCluster({}, { preview, engine })).resources.map(({ type, name }) => `${type} ${name}`).sort();
  expect(await names(true)).toEqual(await names(false));
});

test("all components stand under one cluster", async () => {
  const { resources } = await runCluster();
  const names = resources.map(({ name }) => name);
  const [provider, cluster, ...rest] = resources;
  expect(provider).toMatchObject({ type: "pulumi:providers:docker", options: { parent: undefined } });
  expect(cluster).toMatchObject({ type: "spark-cluster:index:SparkCluster", name: "spark", options: { parent: undefined } });
  for (const { options } of rest) {
    expect(names).toContain(options.parent);
  }
});

test("what lies on the engine carries the stack's labels and name, and two stacks share no name but their images'", async () => {
  const of = async (stack: string) =>
    customResources((await runCluster({}, { stack })).resources).filter(({ type }) => /:(Container|Network|Volume)$/.test(type));
  const [dev, other] = [await of("dev"), await of("other")];
  expect(dev).toHaveLength(6 + 1 + 6 + 4);
  for (const { inputs } of dev) {
    expect(inputs.labels).toEqual(expect.arrayContaining(owned));
    expect(nameOf(inputs)).toMatch(/^spark-cluster-dev-/);
  }
  expect(new Set([...dev, ...other].map(({ type, inputs }) => `${type} ${nameOf(inputs)}`)).size).toBe(2 * dev.length);
  const images = async (stack: string) => byType(await runCluster({}, { stack })).RemoteImage;
  expect(await images("dev")).toEqual(await images("other"));
});

test("the network is one of the engine's own, and goes before another of its name comes", async () => {
  const [docker, podman] = [
    await runCluster({}, { stack: "dev" }),
    await runCluster({}, { stack: "dev", engine: engines.podman }),
  ];
  expect(docker.get("spark-network")).toMatchObject({
    type: "docker:index/network:Network",
    inputs: { name: "spark-cluster-dev-network", driver: "bridge", labels: owned },
    options: { parent: "spark", deleteBeforeReplace: true, ignoreChanges: [] },
  });
  expect(podman.get("spark-network").inputs).toEqual(docker.get("spark-network").inputs);
  expect(podman.get("spark-network").options.ignoreChanges).toEqual(["ipamOptions"]);
});

test("the shared volumes outlive the stack; a worker's own goes with it", async () => {
  const { get } = await runCluster({}, { stack: "dev" });
  const kept = { workspace: "workspace", "ide-home": "jupyterlab-home", "catalog-data": "catalog" };
  for (const [name, part] of Object.entries(kept)) {
    expect(get(`spark-${name}-volume`)).toMatchObject({
      type: "docker:index/volume:Volume",
      inputs: { name: `spark-cluster-dev-${part}` },
      options: { retainOnDelete: true, ignoreChanges: ["labels", "driverOpts"] },
    });
  }
  for (const name of ["spark-worker-1-local", "spark-master-state"]) {
    expect(get(name).options).toMatchObject({ retainOnDelete: false, deleteBeforeReplace: true });
  }
});

test("the wait is for all containers and all workers, and the engine is recorded with the stack's home", async () => {
  const { get } = await runCluster({ readyTimeout: "99" }, { stack: "dev", engine: engines.podman });
  const container = (role: string, resource = `spark-${role}-container`, name = role) => ({
    ...{ name: `spark-cluster-dev-${name}`, id: `${resource}-id`, role },
    healthcheck: expect.stringMatching(/^[a-z-]+$/) as string,
  });
  expect(get("spark-ready").inputs).toEqual({
    engine: engines.podman,
    containers: [
      container("master"),
      ...["1", "2"].map((number) => container("worker", `spark-worker-${number}`, `worker-${number}`)),
      container("jupyterlab"),
      container("history-server"),
      container("catalog"),
    ],
    workers: ["spark-worker-1", "spark-worker-2"],
    timeout: 99,
  });
  expect(get("spark-home").inputs).toMatchObject({ input: { host: engines.podman.host } });
});

describe("files", () => {
  const volumes = [...whole.FilledVolume, "spark-connect-config-volume"];
  const all = { sparkConnect: "true" };

  test("are volumes that are filled from the base image once all images stand, secret in the state, and go with the stack", async () => {
    const { get, resources } = await runCluster(all, { stack: "dev" });
    const position = (name: string) => resources.findIndex((resource) => resource.name === name);
    for (const name of volumes) {
      const { type, inputs, secrets, options } = get(name);
      expect(type).toBe("pulumi-nodejs:dynamic/spark-cluster:FilledVolume");
      const volume = `spark-cluster-dev-${name.split("-")[1] ?? ""}-files`;
      expect(inputs).toMatchObject({ engine: engines.docker, volume, image: "sha256:spark-image-base", labels: owned });
      expect(inputs.revision).toMatch(/^[0-9a-f]{16}$/);
      expect(secrets).toEqual(["files"]);
      const parent = name.replace("-volume", "");
      expect(options).toMatchObject({ parent, dependencies: [] });
      expect(get(`${parent}-files`)).toMatchObject({ inputs: { name: volume }, options: { parent, retainOnDelete: false } });
      expect(position(name)).toBeGreaterThan(Math.max(...images.map((image) => position(`spark-image-${image}`))));
    }
    expect(position("spark-jupyterlab-container")).toBeGreaterThan(position("spark-driver-config-volume"));
    expect(position("spark-worker-1")).toBeGreaterThan(position("spark-daemon-config-volume"));
    const own = resources.filter(({ name, type }) => name.includes("-config") && !type.startsWith("spark-cluster:"));
    expect(own).toHaveLength(2 * volumes.length);
  });

  test("are the daemons' for master and workers; notebooks read the drivers' and the token", async () => {
    const { get } = await runCluster({ sparkProperties: { "spark.sql.shuffle.partitions": 9 } });
    const daemon = get("spark-daemon-config-volume");
    const driver = filesOf(get("spark-driver-config-volume"));
    expect(Object.keys(filesOf(daemon))).toEqual(["spark-defaults.conf"]);
    const common = {
      "spark.authenticate.secret": "value of spark-rpc-secret",
      "spark.ui.reverseProxyUrl": "http://localhost:8080",
    };
    expect(propertiesOf(daemon)).toMatchObject({ ...common, "spark.master.rest.enabled": "false" });
    expect(Object.keys(driver).sort()).toEqual(["jupyter-token", "log4j2.properties", "overrides.json", "spark-defaults.conf"]);
    const own = { ...common, "spark.sql.shuffle.partitions": "9" };
    expect(propertiesOf(get("spark-driver-config-volume"))).toMatchObject(own);
    expect(driver).toMatchObject({ "jupyter-token": "value of spark-token", "log4j2.properties": driverLogging() });
  });

  test("hold what is generated, which stands in no input that is not a secret", async () => {
    const { resources, get } = await runCluster({
      ...all,
      objectStore: "true",
      secretGeneration: "7",
      sparkProperties: { "spark.hadoop.fs.s3a.secret.key": "hunter2" },
    });
    const holders = (text: string) =>
      customResources(resources)
        .filter(({ inputs }) => JSON.stringify(inputs).includes(text))
        .map(({ name, secrets }) => [name.replace(/^spark-|-config-volume$/g, ""), secrets.join()])
        .sort();
    const of = (...parts: string[]) => parts.map((part) => [part, "files"]);
    expect(holders("value of spark-rpc-secret")).toEqual(of("connect", "daemon", "driver"));
    expect(holders("value of spark-token")).toEqual(of("driver"));
    expect(holders("value of spark-connect-token")).toEqual(of("connect"));
    expect(holders("value of spark-catalog-password")).toEqual(of("catalog", "connect", "driver"));
    expect(holders("value of spark-object-store-access-key")).toEqual(of("connect", "driver", "object-store"));
    expect(holders("value of spark-object-store-secret-key")).toEqual(of("driver", "object-store")); // Connect has another
    expect(holders("hunter2")).toEqual(of("connect", "driver"));
    for (const name of ["spark-driver-config-volume", "spark-connect-config-volume"]) {
      const password = { "spark.hadoop.javax.jdo.option.ConnectionPassword": "value of spark-catalog-password-7" };
      expect(propertiesOf(get(name))).toMatchObject(password);
    }
  });

  test("have a revision that is the same for the same files, and that a preview knows of files without generated secrets", async () => {
    const revision = async (...args: Parameters<typeof runCluster>) =>
      (await runCluster(...args)).get("spark-history-config-volume").inputs.revision;
    expect(await revision({}, { stack: "other" })).toBe(await revision());
    expect(await revision({ eventLogRetention: "1d" })).not.toBe(await revision());
    expect(await revision({}, { preview: true })).toBe(await revision());
    const { get } = await runCluster({}, { preview: true });
    for (const name of ["spark-daemon-config-volume", "spark-driver-config-volume"]) {
      expect(get(name)).toMatchObject({ inputs: { files: unknown, revision: unknown } });
    }
  });
});

describe("the addresses", () => {
  const ports = { jupyterlab: 1234, sparkUi: 4321, historyServer: 5678, sparkConnect: 9999 };

  test.each([
    ["127.0.0.1", "localhost"],
    ["0.0.0.0", "localhost"],
    ["::", "localhost"],
    ["10.0.0.1", "10.0.0.1"],
    ["::1", "[::1]"],
  ])(
    "bound to %s are opened at %s; Connect's says localhost, for clients send no token elsewhere without TLS",
    async (bindAddress, host) => {
      const { result } = await runCluster({ bindAddress, ports, sparkConnect: "true" });
      expect((await resolved(result.sparkUi)).value).toBe(`http://${host}:4321`);
      expect((await resolved(result.historyServer!)).value).toBe(`http://${host}:5678`);
      expect((await resolved(result.sparkMaster)).value).toBe("spark://spark-master:7077");
      const secret = { known: true, secret: true };
      const ide = `http://${host}:1234/lab?token=value of spark-token`;
      expect(await resolved(result.jupyterlab)).toEqual({ value: ide, ...secret });
      const connect = "sc://localhost:9999/;token=value of spark-connect-token";
      expect(await resolved(result.sparkConnect!)).toEqual({ value: connect, ...secret });
    },
  );

  test("with TLS, JupyterLab's begins with https, and no other does", async () => {
    const { result } = await runCluster({ tls: "generated" });
    expect((await resolved(result.jupyterlab)).value).toMatch(/^https:\/\/localhost:8888\/lab\?token=/);
    expect((await resolved(result.sparkUi)).value).toBe("http://localhost:8080");
  });

  test("with basePath, are all on JupyterLab's port, and links of Spark's pages have no host", async () => {
    const { result, get } = await runCluster({ basePath: "/a/b", ports, tls: "generated" });
    const outputs = [result.sparkUi, result.historyServer!, result.jupyterlab].map(async (each) => (await resolved(each)).value);
    const [ui, history, lab] = ["ui/", "history-server/", "lab?token=value of spark-token"].map(
      (path) => `https://localhost:1234/a/b/${path}`,
    );
    expect(await Promise.all(outputs)).toEqual([ui, history, lab]);
    const properties = { "spark.ui.reverseProxyUrl": "/a/b/ui", "spark.master.ui.historyServerUrl": "/a/b/history-server" };
    expect(propertiesOf(get("spark-daemon-config-volume"))).toMatchObject(properties);
  });

  test("of servers that there are not are none", async () => {
    const { result } = await runCluster({ historyServer: "false" });
    expect([result.historyServer, result.sparkConnect]).toEqual([undefined, undefined]);
  });

  test("in a preview, JupyterLab's is not known, for its token is not", async () => {
    const { result } = await runCluster({}, { preview: true });
    expect(await resolved(result.jupyterlab)).toMatchObject({ known: false });
    expect((await resolved(result.sparkUi)).value).toBe("http://localhost:8080");
  });
});
