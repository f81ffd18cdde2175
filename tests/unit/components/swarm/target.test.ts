import { imagesOf } from "../../../../images/plan";
import { engines } from "../../../../testbed/engines/socketsOfRoot";
import { clusterConfig, Written } from "../../../../testbed/stackConfig";
import { hardening, owned, runCluster } from "../../helpers/cluster";
import { customResources, difference, Run, unknown } from "../../helpers/mocks";
import { inBucket, onNfs } from "../../helpers/swarm";
import { always, constraints, container, everyRole, mounts, ofType } from "../../helpers/swarmCluster";
import { onASwarm, onThree, services, withAll } from "../../helpers/swarmCluster";

test("a cluster on a swarm is these resources and no others, and what can carry labels carries the stack's, as nodes' volumes do", async () => {
  const cluster = await onASwarm({}, { stack: "dev" });
  const byType = (type: string) => ofType(cluster, type).map(({ name }) => name);
  expect(byType("Service").sort()).toEqual(always.map((role) => services[role]).sort());
  expect(byType("Secret").sort()).toEqual([
    ...["spark-catalog-config-catalog-password", "spark-catalog-config-warehouse", "spark-daemon-config-spark-defaults.conf"],
    ...["jupyter-token", "log4j2.properties", "overrides.json", "spark-defaults.conf", "spark-env.sh"].map(
      (file) => `spark-driver-config-${file}`,
    ),
    "spark-history-config-spark-defaults.conf",
  ]);
  expect([byType("Network"), byType("Container")]).toEqual([["spark-network"], ["spark-gateway"]]);
  expect(byType("SwarmReadiness")).toEqual(["spark-ready"]);
  expect(byType("Stash")).toEqual(["spark-token", "spark-rpc-secret", "spark-catalog-password", "spark-home"]);
  const images = ["RemoteImage", "SuppliedImage"].flatMap(byType);
  expect(byType("RemoteImage")).toHaveLength(imagesOf({ ...clusterConfig(), swarm: {} }).length);
  expect(customResources(cluster.resources)).toHaveLength(5 + 9 + 1 + 1 + 1 + 3 + 1 + 1 + images.length);
  for (const { inputs } of ["Service", "Secret", "Network", "Container"].flatMap((type) => ofType(cluster, type))) {
    expect(inputs.labels).toEqual(expect.arrayContaining(owned));
  }
  for (const { volumeOptions } of always.flatMap((role) => container(cluster, role).mounts)) {
    expect(volumeOptions.labels).toEqual(owned);
  }
});

test("a preview registers the same resources as an up", async () => {
  const names = async (preview: boolean) =>
    // What is unknown in a preview comes at another time.
    (await onThree(onNfs, { preview })).resources.map(({ type, name }) => `${type} ${name}`).sort();
  expect(await names(true)).toEqual(await names(false));
});

describe("volumes", () => {
  test("of a swarm of one node are that node's, for workers too", async () => {
    const cluster = await onASwarm();
    const workspace = "spark-cluster-unit-workspace";
    const [own, home] = [{ "/opt/workspace": workspace, "/tmp": "" }, "spark-cluster-unit-jupyterlab-home"];
    expect(mounts(cluster, "worker")).toEqual({ ...own, "/var/lib/spark": "" });
    expect(mounts(cluster, "jupyterlab")).toEqual({ ...own, "/home/spark": home, "/opt/python/workspace": workspace });
    expect(mounts(cluster, "history-server")).toEqual(own);
    expect(ofType(cluster, "Volume")).toEqual([]);
  });

  test("of one of several nodes, where a bucket has the data, are no worker's, and whose they are is on that node", async () => {
    const cluster = await onThree({ ...inBucket, ...withAll });
    expect(mounts(cluster, "worker")).toEqual({ "/var/lib/spark": "", "/tmp": "" });
    expect(constraints(cluster, "worker")).toEqual([]);
    for (const role of everyRole.filter((each) => each !== "worker")) {
      expect(mounts(cluster, role)["/opt/workspace"]).toBe(role === "catalog" ? undefined : "spark-cluster-unit-workspace");
      expect(constraints(cluster, role)).toEqual(["node.id==a"]);
    }
  });

  const exported = (o: string) => ({ type: "nfs", o, device: ":/export/dev/workspace" });

  test.each<[Written, Record<string, string>]>([
    [{ nfs: "files.example.com:/export" }, exported("addr=files.example.com,nfsvers=4")],
    [{ nfs: "10.0.0.9:/export", nfsOptions: "nfsvers=4.2,hard" }, exported("addr=10.0.0.9,nfsvers=4.2,hard")],
    [{ nfs: "[fd00::9]:/export" }, exported("addr=fd00::9,nfsvers=4")],
    [{ folder: "/mnt/all" }, { type: "none", o: "bind", device: "/mnt/all/dev/workspace" }],
  ])("on %j are mounted by each node for itself, and nothing is copied into them", async (sharedStorage, driverOptions) => {
    const cluster = await onThree({ sharedStorage }, { stack: "dev" });
    for (const role of always.filter((each) => each !== "catalog")) {
      const workspace = container(cluster, role).mounts.find(({ target }) => target === "/opt/workspace");
      expect(workspace?.source).toMatch(/^spark-cluster-dev-workspace-[0-9a-f]{16}$/);
      expect(workspace?.volumeOptions).toEqual({ labels: owned, driverName: "local", driverOptions, noCopy: true });
    }
    const state = container(cluster, "master").mounts.find(({ target }) => target === "/var/lib/spark");
    const device = expect.stringMatching(/\/dev\/master-state$/) as string;
    expect(state?.volumeOptions.driverOptions).toMatchObject({ device });
    const others = container(cluster, "worker").mounts.filter(({ target }) => target !== "/opt/workspace");
    expect(others.map(({ source, volumeOptions }) => [source, volumeOptions])).toEqual(others.map(() => ["", { labels: owned }]));
  });

  test("that are mounted otherwise have another name, for a node keeps what it once made, and the same have the same", async () => {
    const workspace = async (sharedStorage: Written, preview = false) =>
      mounts(await onThree({ sharedStorage }, { preview }), "worker")["/opt/workspace"];
    const name = await workspace({ nfs: "a:/export" });
    expect(await workspace({ nfs: "a:/export" }, true)).toBe(name);
    const others = [
      await workspace({ nfs: "b:/export" }),
      await workspace({ nfs: "a:/other" }),
      await workspace({ nfs: "a:/export", nfsOptions: "hard" }),
      await workspace({ folder: "/export" }),
    ];
    expect(new Set([name, ...others]).size).toBe(5);
  });
});

test("the network is over all nodes, encrypted unless left to Spark, and one that the gateway can join", async () => {
  const { inputs, options } = (await onASwarm({}, { stack: "dev" })).get("spark-network");
  const kind = { driver: "overlay", attachable: true, options: { encrypted: "" } };
  expect(inputs).toEqual({ name: "spark-cluster-dev-network", ...kind, labels: owned });
  const chosen = ["ipamConfigs", "ipamOptions", "options"];
  expect(options).toMatchObject({ deleteBeforeReplace: true, ignoreChanges: chosen });
  expect((await onASwarm({ networkEncryption: "false" })).get("spark-network").inputs.options).toEqual({});
});

describe("the gateway", () => {
  test("is a container of the manager's own engine, closed as others are, that opens all ports at bindAddress, and Connect's at loopback", async () => {
    const ports = { jupyterlab: 1111, sparkUi: 2222, historyServer: 3333, sparkConnect: 4444, metrics: 5555 };
    const written = { bindAddress: "10.0.0.1", ports, sparkConnect: "true", metrics: "true", tmpMemory: "64m" };
    const { type, inputs } = (await onASwarm(written, { stack: "dev" })).get("spark-gateway");
    expect(type).toBe("docker:index/container:Container");
    expect(inputs).toMatchObject({
      ...hardening,
      name: "spark-cluster-dev-gateway",
      hostname: "gateway",
      image: "sha256:spark-image-gateway",
      networkMode: "spark-cluster-dev-network",
      networksAdvanced: [{ name: "spark-cluster-dev-network", aliases: ["gateway"] }],
      ...{ volumes: [], memory: 64 + 64, cpus: "1.0", healthcheck: { tests: ["CMD", "gateway-answers"] } },
    });
    expect(inputs.ports).toEqual([
      { internal: 8080, external: 2222, ip: "10.0.0.1" },
      { internal: 8888, external: 1111, ip: "10.0.0.1" },
      { internal: 18080, external: 3333, ip: "10.0.0.1" },
      { internal: 15002, external: 4444, ip: "127.0.0.1" },
      { internal: 9095, external: 5555, ip: "10.0.0.1" },
    ]);
    const pages = ["spark-master:8080", "jupyterlab:8888", "history-server:18080", "connect:15002", "metrics:9095"];
    expect(inputs.envs).toEqual([`PAGES=${pages.join(" ")}`]);
  });

  test("opens nothing for servers that there are not", async () => {
    const { ports, envs } = (await onASwarm({ historyServer: "false" })).get("spark-gateway").inputs;
    expect((ports as { internal: number }[]).map(({ internal }) => internal)).toEqual([8080, 8888]);
    expect(envs).toEqual(["PAGES=spark-master:8080 jupyterlab:8888"]);
  });
});

describe("the wait", () => {
  const revision = expect.stringMatching(/^[0-9a-f]{16}$/) as string;

  test("is for all services, asked from the gateway, and longer by the time that workers have to drain", async () => {
    const written = { ...onNfs, ...withAll, readyTimeout: "100", drainTimeout: "7", workers: "3" };
    const { get } = await onThree(written, { stack: "dev" });
    expect(get("spark-ready").inputs).toEqual({
      engine: engines.docker,
      gateway: "spark-gateway-id",
      services: everyRole.map((role) => ({ name: `spark-cluster-dev-${role}`, id: `${services[role]}-id`, role, revision })),
      workers: 3,
      timeout: 100 + 7 * 3,
    });
  });

  test("is told another revision of a service that is told something else, and of no other", async () => {
    const revisions = ({ get }: Run<unknown>) =>
      Object.fromEntries(
        (get("spark-ready").inputs.services as { role: string; revision: string }[]).map((each) => [each.role, each.revision]),
      );
    const [before, after] = [revisions(await onASwarm()), revisions(await onASwarm({ historyMemory: "1g" }))];
    expect({ ...after, "history-server": before["history-server"] }).toEqual(before);
    expect(after["history-server"]).not.toBe(before["history-server"]);
  });

  test("is not for a server that does not answer the preview of a new stack: what it does not know, it does not tell", async () => {
    const { get } = await onASwarm({}, { preview: true });
    expect(get("spark-ready").inputs).toMatchObject({ gateway: unknown, services: unknown });
  });
});

test("the swarm and its network's kind are recorded with the stack's home: the same engine alone, or in the clear, is elsewhere", async () => {
  const host = async (run: Promise<Run<unknown>>) => ((await run).get("spark-home").inputs.input as { host: string }).host;
  const places = [await host(onASwarm()), await host(onASwarm({ networkEncryption: "false" })), await host(runCluster())];
  const suffixes = [" (a swarm with an encrypted network)", " (a swarm with a plain network)", ""];
  expect(places).toEqual(suffixes.map((suffix) => engines.docker.host + suffix));
});

test.each<[string, Record<string, Written>, string[]]>([
  ["nothing", {}, []],
  ["masterMemory", { masterMemory: "1g" }, ["spark-master-service", "spark-ready"]],
  ["daemonMemory", { daemonMemory: "512m" }, ["spark-ready", "spark-worker-service"]],
  ["drainTimeout", { drainTimeout: "60" }, ["spark-ready", "spark-worker-service"]],
  ["ideMemory", { ideMemory: "1g" }, ["spark-jupyterlab-service", "spark-ready"]],
  ["readyTimeout", { readyTimeout: "99" }, ["spark-ready"]],
  ["ports.jupyterlab", { ports: { jupyterlab: 9999 } }, ["spark-gateway"]],
  ["placement.master", { placement: { master: "disk=ssd" } }, ["spark-master-service", "spark-ready"]],
  [
    ...(["eventLogRetention", { eventLogRetention: "1d" }] as const),
    ["spark-history-config-spark-defaults.conf", "spark-history-server-service", "spark-ready"],
  ],
  [
    "driverMemory, within the IDE's limit: a secret is replaced, and its reader is told",
    { driverMemory: "900m", sessions: "1" },
    ["spark-driver-config-spark-defaults.conf", "spark-jupyterlab-service", "spark-ready"],
  ],
])("an edit touches what it concerns: %s", async (_, edit, expected) => {
  const { added, removed, changed } = difference(await onThree(), await onThree({ ...onNfs, ...edit }));
  expect({ added, removed, changed: changed.sort() }).toEqual({ added: [], removed: [], changed: expected });
});
