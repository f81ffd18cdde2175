import { rmSync, writeFileSync } from "node:fs";

import * as pulumi from "@pulumi/pulumi";
import { parse } from "dot-properties";
import fc from "fast-check";

import { sessionSize } from "../../../../components/sessionSize";
import { SecretFiles } from "../../../../components/swarm/secretFiles";
import { SwarmTarget } from "../../../../components/swarm/swarmTarget";
import { ReadyArgs } from "../../../../components/target";
import { workerContainerMemory } from "../../../../config/sizes";
import { imagesOf } from "../../../../images/plan";
import { lockFile } from "../../../../images/published";
import { ClusterOptions, hardening, runCluster } from "../../helpers/cluster";
import { engines } from "../../helpers/engine";
import { enterProjectCopy } from "../../helpers/folders";
import { customResources, difference, Registration, resolved, run, Run, unknown } from "../../helpers/mocks";
import { clusterConfig, Written } from "../../helpers/stackConfig";
import { inBucket, node, onNfs, onSwarm, swarmOf, swarmRead } from "../../helpers/swarm";

beforeAll(() => {
  enterProjectCopy();
});

const one = swarmOf(node("a"));
const three = swarmOf(node("a"), node("b", { labels: { disk: "ssd" } }), node("c"));

/** A cluster on a swarm: of one node, unless told. */
const onASwarm = (written: Readonly<Record<string, Written>> = {}, swarm = one, options: ClusterOptions = {}) =>
  runCluster({ ...onSwarm, ...written }, { read: swarmRead(swarm), ...options });
const onThree = (written: Readonly<Record<string, Written>> = onNfs, options: ClusterOptions = {}) =>
  onASwarm(written, three, options);

/** A service as it is told to the swarm, as far as it is looked at here. */
interface Told {
  readonly name: string;
  readonly mode: unknown;
  readonly endpointSpec: unknown;
  readonly auth?: unknown;
  readonly taskSpec: {
    readonly containerSpec: {
      readonly image: string;
      readonly hostname: string;
      readonly env: Readonly<Record<string, string>>;
      readonly secrets: readonly Readonly<Record<string, unknown>>[];
      readonly mounts: readonly {
        readonly target: string;
        readonly source: string;
        readonly volumeOptions: Readonly<Record<string, unknown>>;
      }[];
      readonly healthcheck: { readonly tests: readonly string[] };
      readonly stopGracePeriod: string;
    };
    readonly placement: { readonly constraints: readonly string[] };
    readonly resources: {
      readonly limits: { memoryBytes: number; nanoCpus: number };
      readonly reservation: { memoryBytes: number };
    };
  };
}

const services = {
  master: "spark-master-service",
  worker: "spark-worker-service",
  jupyterlab: "spark-jupyterlab-service",
  "history-server": "spark-history-server-service",
  connect: "spark-connect-service",
  catalog: "spark-catalog-service",
} as const;
type Placed = keyof typeof services;
const always: readonly Placed[] = ["master", "worker", "jupyterlab", "history-server"];
const everyRole = Object.keys(services) as Placed[];
/** With a server for each of the roles. */
const withAll = { sparkConnect: "true", catalog: "shared" };

const told = ({ get }: Run<unknown>, role: Placed) => get(services[role]).inputs as unknown as Told;
const container = (cluster: Run<unknown>, role: Placed) => told(cluster, role).taskSpec.containerSpec;
const constraints = (cluster: Run<unknown>, role: Placed) => told(cluster, role).taskSpec.placement.constraints;
/** Where in the container a volume is -> the volume. */
const mounts = (cluster: Run<unknown>, role: Placed) =>
  Object.fromEntries(container(cluster, role).mounts.map(({ target, source }) => [target, source]));
const ofType = (cluster: Run<unknown>, type: string) =>
  customResources(cluster.resources).filter((each) => each.type.endsWith(`:${type}`));
const owned = [
  { label: "spark-cluster.stack", value: "dev" },
  { label: "spark-cluster.home", value: "spark-home-id" },
];

test("a cluster on a swarm is these resources and no others", async () => {
  const cluster = await onASwarm();
  const byType = (type: string) => ofType(cluster, type).map(({ name }) => name);
  expect(byType("Service").sort()).toEqual(always.map((role) => services[role]).sort());
  expect(byType("Secret").sort()).toEqual([
    "spark-daemon-config-spark-defaults.conf",
    "spark-driver-config-jupyter-token",
    "spark-driver-config-log4j2.properties",
    "spark-driver-config-overrides.json",
    "spark-driver-config-spark-defaults.conf",
    "spark-driver-config-spark-env.sh",
    "spark-history-config-spark-defaults.conf",
  ]);
  expect(byType("Network")).toEqual(["spark-network"]);
  expect(byType("Container")).toEqual(["spark-gateway"]);
  expect(byType("SwarmReadiness")).toEqual(["spark-ready"]);
  expect(byType("GeneratedSecret")).toEqual(["spark-token", "spark-rpc-secret"]);
  expect(byType("StackHome")).toEqual(["spark-home"]);
  const images = ["RemoteImage", "SuppliedImage"].flatMap(byType);
  expect(byType("RemoteImage")).toHaveLength(imagesOf({ sizes: { catalog: "session" }, swarm: {} }).length);
  expect(customResources(cluster.resources)).toHaveLength(4 + 7 + 1 + 1 + 1 + 2 + 1 + images.length);
});

test("a preview registers the same resources as an up", async () => {
  const names = async (preview: boolean) =>
    // What is unknown in a preview comes at another time.
    (await onThree(onNfs, { preview })).resources.map(({ type, name }) => `${type} ${name}`).sort();
  expect(await names(true)).toEqual(await names(false));
});

test("a service is closed: an image by its digest, no capability, no writable root, no port, and the memory that it may take is kept for it", async () => {
  const { get } = await onASwarm({ masterMemory: "1g", daemonCores: "3" }, one, { stack: "dev" });
  const secret = get("spark-daemon-config-spark-defaults.conf");
  const { type, inputs, options } = get("spark-master-service");
  const labels = [...owned, { label: "spark-cluster.role", value: "master" }];
  const memoryBytes = (1024 + 128) * 1024 * 1024;
  const mount = (target: string, source: string) => ({ type: "volume", target, source, volumeOptions: { labels: owned } });
  expect(type).toBe("docker:index/service:Service");
  expect(inputs).toEqual({
    name: "spark-cluster-dev-master",
    labels,
    mode: { replicated: { replicas: 1 } },
    endpointSpec: { mode: "dnsrr" },
    taskSpec: {
      containerSpec: {
        image: "registry.example.com/spark-image-spark-master@sha256:1",
        hostname: "spark-master",
        labels,
        env: {
          SPARK_DAEMON_JAVA_OPTS: "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
          SPARK_DAEMON_MEMORY: "512m",
          SPARK_CLUSTER_NODE: "{{.Node.Hostname}}",
        },
        secrets: [
          {
            secretId: "spark-daemon-config-spark-defaults.conf-id",
            secretName: secret.inputs.name,
            fileName: "/etc/spark-cluster/spark-defaults.conf",
            fileUid: "1000",
            fileGid: "1000",
            fileMode: 0o400,
          },
        ],
        mounts: [
          mount("/opt/workspace", "spark-cluster-dev-workspace"),
          mount("/var/lib/spark", "spark-cluster-dev-master-state"),
          mount("/tmp", ""),
        ],
        readOnly: true,
        capDrops: ["ALL"],
        init: true,
        healthcheck: { tests: ["CMD", "master-state"], interval: "5s", timeout: "10s", retries: 12, startPeriod: "1m" },
        stopGracePeriod: "30s",
      },
      networksAdvanceds: [{ id: "spark-network-id", aliases: ["spark-master"] }],
      placement: { constraints: ["node.id==a"] },
      resources: { limits: { memoryBytes, nanoCpus: 3e9 }, reservation: { memoryBytes } },
      restartPolicy: { condition: "any", delay: "1s", window: "0s" },
      logDriver: { name: "json-file", options: { "max-size": "10m", "max-file": "3" } },
      forceUpdate: 0,
    },
    updateConfig: { parallelism: 1, order: "stop-first", failureAction: "pause", delay: "0s", monitor: "5s" },
  });
  expect(options).toMatchObject({ parent: "spark-master", deleteBeforeReplace: true, retainOnDelete: false });
});

test.each(everyRole)("%s is closed in the same way", async (role) => {
  const cluster = await onASwarm(withAll);
  const [like, it] = [told(cluster, "master"), told(cluster, role)];
  expect(it.name).toBe(`spark-cluster-unit-${role}`);
  expect(it.endpointSpec).toEqual({ mode: "dnsrr" });
  expect(JSON.stringify(it)).not.toMatch(/"(ports|published|capAdds|privileges)/i);
  const { image, ...closed } = container(cluster, role);
  expect(closed).toMatchObject({ readOnly: true, capDrops: ["ALL"], init: true });
  expect(image).toMatch(/^registry\.example\.com\/spark-image-[a-z-]+@sha256:/);
  const { limits, reservation } = it.taskSpec.resources;
  expect(limits.memoryBytes).toBeGreaterThan(0);
  expect(reservation).toEqual({ memoryBytes: limits.memoryBytes });
  for (const key of ["restartPolicy", "logDriver"] as const) {
    expect(it.taskSpec).toHaveProperty(key, (like.taskSpec as unknown as Record<string, unknown>)[key]);
  }
});

test("a service is touched when every image is there and its files are", async () => {
  const { get } = await onASwarm();
  expect(get("spark-jupyterlab-service").options.dependencies).toEqual(
    expect.arrayContaining([
      ...imagesOf({ sizes: { catalog: "session" }, swarm: {} }).map((image) => `spark-image-${image}`),
      "spark-driver-config-jupyter-token",
    ]),
  );
});

test("an image that is pulled by a digest is told by that one, whatever else the engine knows it by", async () => {
  const name = (cluster: Run<unknown>) => String(cluster.get("spark-image-spark-master").inputs.name);
  const tagged = name(await onASwarm());
  const digest = `sha256:${"a".repeat(64)}`;
  writeFileSync(lockFile, JSON.stringify({ [tagged]: digest }));
  try {
    const cluster = await onASwarm();
    expect(container(cluster, "master").image).toBe(`registry.example.com/team/spark-cluster-spark-master@${digest}`);
    expect(container(cluster, "worker").image).toBe("registry.example.com/spark-image-spark-worker@sha256:1");
  } finally {
    rmSync(lockFile);
  }
});

test("everything that can carry labels carries the stack's, the volumes that nodes make too", async () => {
  const cluster = await onASwarm({}, one, { stack: "dev" });
  const labelled = customResources(cluster.resources).filter(({ type }) => /:(Service|Secret|Network|Container)$/.test(type));
  expect(labelled).toHaveLength(4 + 7 + 1 + 1);
  for (const { inputs } of labelled) {
    expect(inputs.labels).toEqual(expect.arrayContaining(owned));
  }
  for (const { volumeOptions } of always.flatMap((role) => container(cluster, role).mounts)) {
    expect(volumeOptions.labels).toEqual(owned);
  }
});

test("a role is asked for itself by its own command, and a worker not for its master, which may be away", async () => {
  const cluster = await onASwarm(withAll);
  const tests = Object.fromEntries(everyRole.map((role) => [role, container(cluster, role).healthcheck.tests.join(" ")]));
  expect(tests).toEqual({
    master: "CMD master-state",
    worker: "CMD bash -c : < /dev/tcp/localhost/8081",
    jupyterlab: "CMD jupyterlab-answers",
    "history-server": "CMD history-server-lists",
    connect: "CMD spark-connect-answers",
    catalog: "CMD catalog-answers",
  });
});

describe("workers", () => {
  test("are one service of as many containers, which have time to drain before they are ended", async () => {
    const written = { workers: "3", workerCores: "3", workerMemory: "1536m", daemonMemory: "300m", drainTimeout: "99" };
    const { taskSpec, mode } = told(await onASwarm(written), "worker");
    const memoryBytes = workerContainerMemory(clusterConfig(written).sizes) * 1024 * 1024;
    expect(mode).toEqual({ replicated: { replicas: 3 } });
    expect(taskSpec.containerSpec).toMatchObject({ hostname: "spark-worker-{{.Task.Slot}}", stopGracePeriod: "2m9s" });
    expect(taskSpec.containerSpec.env).toEqual({
      SPARK_DAEMON_JAVA_OPTS: "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
      SPARK_DAEMON_MEMORY: "150m",
      SPARK_LOCAL_DIRS: "/var/lib/spark/local",
      SPARK_WORKER_CORES: "3",
      SPARK_WORKER_DIR: "/var/lib/spark/work",
      SPARK_WORKER_MEMORY: "1536m",
      SPARK_WORKER_DRAIN: "99",
      SPARK_WORKER_KNOWN_BY: "address",
      SPARK_CLUSTER_NODE: "{{.Node.Hostname}}",
    });
    expect(taskSpec.resources).toEqual({ limits: { memoryBytes, nanoCpus: 3e9 }, reservation: { memoryBytes } });
  });

  test.each([
    ["1", "31s"],
    ["30", "1m"],
    ["60", "1m30s"],
    ["3570", "1h"],
    ["3600", "1h0m30s"],
  ])("that drain for %s s have %s, as the provider says it back", async (drainTimeout, period) => {
    expect(container(await onASwarm({ drainTimeout }), "worker").stopGracePeriod).toBe(period);
  });

  test("are called by numbers, or, with one on each node, by the ids of the nodes that they may be on", async () => {
    const names = async (written: Record<string, Written>) => (await onThree({ ...onNfs, ...written })).result.workers;
    expect(await names({ workers: "2" })).toEqual(["spark-worker-1", "spark-worker-2"]);
    expect(await names({ workers: "per-node" })).toEqual(["spark-worker-a", "spark-worker-b", "spark-worker-c"]);
    expect(await names({ workers: "per-node", placement: { worker: "disk=ssd" } })).toEqual(["spark-worker-b"]);
  });

  test("on each node are a global service, and otherwise what they are by number", async () => {
    const [number, each] = [await onThree({ ...onNfs, workers: "3" }), await onThree({ ...onNfs, workers: "per-node" })];
    expect(told(each, "worker").mode).toEqual({ global: true });
    // A swarm refuses to turn one into the other.
    expect(each.get("spark-worker-service").options.replaceOnChanges).toEqual(["mode.global"]);
    expect(told(each, "worker")).toEqual({ ...told(number, "worker"), mode: { global: true } });
    const { added, removed, changed } = difference(number, each);
    expect({ added, removed, changed: changed.sort() }).toEqual({
      added: [],
      removed: [],
      changed: ["spark-ready", "spark-worker-service"],
    });
  });

  test.each([false, true])(
    "one more is a change of their service and of the wait, and of nothing else (preview: %s)",
    async (preview) => {
      const of = (workers: string) => onThree({ ...onNfs, catalog: "shared", workers }, { preview });
      const [before, after] = [await of("2"), await of("3")];
      const { added, removed, changed } = difference(before, after);
      expect({ added, removed, changed: changed.sort() }).toEqual({
        added: [],
        removed: [],
        changed: ["spark-ready", "spark-worker-service"],
      });
      expect(told(after, "worker")).toEqual({ ...told(before, "worker"), mode: { replicated: { replicas: 3 } } });
    },
  );
});

describe("files", () => {
  const owner = { stack: "dev", home: "abc" };
  const files = (
    content: pulumi.Input<string>,
    rest: Partial<ConstructorParameters<typeof SecretFiles>[1]> = {},
    preview = false,
  ) => run(() => new SecretFiles("it", { owner, part: "daemon", files: { "a.conf": content }, ...rest }), { preview });
  const nameOf = async (...args: Parameters<typeof files>) => (await files(...args)).get("it-a.conf").inputs.name;
  /** A name as Swarm takes it (swarmkit's validation of annotations). */
  const nameOfSwarm = /^[a-zA-Z0-9]+(?:[a-zA-Z0-9-_.]*[a-zA-Z0-9])?$/;

  test("are secrets, one for each, that only the cluster's user may read", async () => {
    const { get, result } = await files("text", { files: { "a.conf": "text", token: "other" } });
    const secret = get("it-a.conf");
    expect(secret).toMatchObject({
      type: "docker:index/secret:Secret",
      inputs: {
        name: expect.stringMatching(/^daemon-a\.conf-[0-9a-f]{16}$/) as string,
        data: Buffer.from("text").toString("base64"),
        labels: [
          { label: "spark-cluster.stack", value: "dev" },
          { label: "spark-cluster.home", value: "abc" },
        ],
      },
      secrets: ["data"],
      options: { parent: "it", deleteBeforeReplace: false },
    });
    const read = await resolved(pulumi.output([...result.secrets]));
    expect(read.value.map(({ fileName, fileUid, fileGid, fileMode }) => [fileName, fileUid, fileGid, fileMode])).toEqual([
      ["/etc/spark-cluster/a.conf", "1000", "1000", 0o400],
      ["/etc/spark-cluster/token", "1000", "1000", 0o400],
    ]);
    expect(read.value[0]).toMatchObject({ secretId: "it-a.conf-id", secretName: secret.inputs.name });
    expect(result.mounts).toEqual([]);
  });

  test("have another name with another content, in another stack and in another state, and else the same", async () => {
    const name = await nameOf("text");
    expect(await nameOf("text")).toBe(name);
    const others = [
      await nameOf("other text"),
      await nameOf("text", { owner: { ...owner, stack: "other" } }),
      await nameOf("text", { owner: { ...owner, home: "def" } }),
      await nameOf("text", { part: "driver" }),
    ];
    expect(new Set([name, ...others]).size).toBe(5);
  });

  test("have a revision that is another when one of them is, and their content is in neither name nor revision", async () => {
    const both = async (one: string, other: string) => {
      const { get, result } = await files("", { files: { one, other } });
      const { value, secret } = await resolved(result.revision);
      expect([secret, get("it-one").secrets]).toEqual([false, ["data"]]);
      return value;
    };
    const revision = await both("hunter2", "x");
    expect(revision).toMatch(/^[0-9a-f]{16}$/);
    expect(await both("hunter2", "x")).toBe(revision);
    expect(new Set([revision, await both("hunter2", "y"), await both("x", "hunter2"), await both("y", "x")]).size).toBe(4);
    expect(await nameOf("hunter2")).not.toContain("hunter2");
  });

  test("have names that Swarm takes, however long those of the files are", async () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9.]{0,79}$/);
    await fc.assert(
      fc.asyncProperty(word, word, async (part, file) => {
        const { get } = await run(() => new SecretFiles("it", { owner, part, files: { [file]: "text" } }));
        const name = String(get(`it-${file}`).inputs.name);
        expect(name.length).toBeLessThanOrEqual(64);
        expect(name).toMatch(nameOfSwarm);
      }),
      { numRuns: 20 },
    );
  });

  test("of a cluster, all of them, have such names", async () => {
    const secrets = ofType(await onASwarm(withAll), "Secret");
    expect(secrets).toHaveLength(11);
    const names = secrets.map(({ inputs }) => String(inputs.name));
    expect(names.filter((name) => name.length > 64 || !nameOfSwarm.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  test("that a preview does not know have names and a revision that it does not know", async () => {
    const blind = await files(pulumi.unknown as unknown as string, {}, true);
    expect(blind.get("it-a.conf").inputs).toMatchObject({ name: unknown, data: unknown });
    expect(await resolved(blind.result.revision)).toMatchObject({ known: false });
    expect(await nameOf("text", {}, true)).toBe(await nameOf("text"));
  });

  test("are read by those whose files they are, and notebooks have one that asks for their size", async () => {
    const cluster = await onASwarm(withAll);
    const read = (role: Placed) =>
      container(cluster, role)
        .secrets.map(({ fileName }) => String(fileName).replace("/etc/spark-cluster/", ""))
        .sort();
    const driver = ["log4j2.properties", "spark-defaults.conf"];
    expect(Object.fromEntries(everyRole.map((role) => [role, read(role)]))).toEqual({
      master: ["spark-defaults.conf"],
      worker: ["spark-defaults.conf"],
      jupyterlab: ["jupyter-token", ...driver, "overrides.json", "spark-env.sh"].sort(),
      "history-server": ["spark-defaults.conf"],
      connect: driver,
      catalog: ["catalog-password", "warehouse"],
    });
  });

  test("are what an engine's containers read, with how workers drain, and without the size of a session", async () => {
    const cluster = await onASwarm();
    const properties = (name: string) =>
      parse(Buffer.from(String(cluster.get(`${name}-spark-defaults.conf`).inputs.data), "base64").toString()) as object;
    const onEngine = await runCluster();
    for (const part of ["daemon", "driver", "history"]) {
      const file = JSON.parse(String(onEngine.get(`spark-${part}-config-volume`).inputs.files)) as Record<string, string>;
      const all = Object.entries(parse(file["spark-defaults.conf"] ?? "") as object);
      const same = Object.fromEntries(all.filter(([name]) => !Object.hasOwn(sessionSize(clusterConfig().sizes), name)));
      const more = Object.entries(properties(`spark-${part}-config`)).filter(([name]) => !Object.hasOwn(same, name));
      expect(properties(`spark-${part}-config`)).toMatchObject(same);
      expect(
        more.every(([name, value]) => /^spark\.(storage\.)?decommission\.[\w.]*enabled$/.test(name) && value === "true"),
      ).toBe(true);
      expect(more.map(([name]) => name).includes("spark.decommission.enabled")).toBe(part !== "history");
    }
  });

  test("hold what is generated, which stands in no input that is not a secret", async () => {
    const cluster = await onASwarm(withAll);
    const secrets = ofType(cluster, "Secret");
    const holding = secrets.filter(({ inputs }) => Buffer.from(String(inputs.data), "base64").includes("value of spark-"));
    expect(holding.map(({ name }) => name).sort()).toEqual([
      "spark-catalog-config-catalog-password",
      "spark-connect-config-spark-defaults.conf",
      "spark-daemon-config-spark-defaults.conf",
      "spark-driver-config-jupyter-token",
      "spark-driver-config-spark-defaults.conf",
    ]);
    expect(secrets.map((each) => each.secrets)).toEqual(secrets.map(() => ["data"]));
    const telling = customResources(cluster.resources).filter(({ inputs }) => JSON.stringify(inputs).includes("value of"));
    expect(telling).toEqual([]);
  });
});

describe("volumes", () => {
  const jupyterlab = "spark-cluster-unit-jupyterlab-home";

  test("of a swarm of one node are that node's, for workers too", async () => {
    const cluster = await onASwarm();
    const workspace = "spark-cluster-unit-workspace";
    expect(mounts(cluster, "worker")).toEqual({ "/opt/workspace": workspace, "/var/lib/spark": "", "/tmp": "" });
    expect(mounts(cluster, "jupyterlab")).toEqual({
      "/opt/workspace": workspace,
      "/home/spark": jupyterlab,
      "/opt/python/workspace": workspace,
      "/tmp": "",
    });
    expect(mounts(cluster, "history-server")).toEqual({ "/opt/workspace": workspace, "/tmp": "" });
    expect(ofType(cluster, "Volume")).toEqual([]);
  });

  test("of one of several nodes, where a bucket has the data, are no worker's, and whose they are is on that node", async () => {
    const cluster = await onThree({ ...inBucket, ...withAll });
    expect(mounts(cluster, "worker")).toEqual({ "/var/lib/spark": "", "/tmp": "" });
    expect(constraints(cluster, "worker")).toEqual([]);
    for (const role of everyRole.filter((each) => each !== "worker")) {
      expect(mounts(cluster, role)).toHaveProperty(["/opt/workspace"], "spark-cluster-unit-workspace");
      expect(constraints(cluster, role)).toEqual(["node.id==a"]);
    }
  });

  test.each<[string, Written, Record<string, string>]>([
    [
      "a server's export",
      { nfs: "files.example.com:/export" },
      { type: "nfs", o: "addr=files.example.com,nfsvers=4", device: ":/export/dev/workspace" },
    ],
    [
      "a server's export, with options",
      { nfs: "10.0.0.9:/export", nfsOptions: "nfsvers=4.2,hard" },
      { type: "nfs", o: "addr=10.0.0.9,nfsvers=4.2,hard", device: ":/export/dev/workspace" },
    ],
    [
      "a server's export at an address of IPv6",
      { nfs: "[fd00::9]:/export" },
      { type: "nfs", o: "addr=fd00::9,nfsvers=4", device: ":/export/dev/workspace" },
    ],
    ["a folder", { folder: "/mnt/all" }, { type: "none", o: "bind", device: "/mnt/all/dev/workspace" }],
  ])("on %s are mounted by each node for itself, and nothing is copied into them", async (_, sharedStorage, driverOptions) => {
    const cluster = await onThree({ sharedStorage }, { stack: "dev" });
    for (const role of always) {
      const workspace = container(cluster, role).mounts.find(({ target }) => target === "/opt/workspace");
      expect(workspace?.source).toMatch(/^spark-cluster-dev-workspace-[0-9a-f]{16}$/);
      expect(workspace?.volumeOptions).toEqual({ labels: owned, driverName: "local", driverOptions, noCopy: true });
    }
    const state = container(cluster, "master").mounts.find(({ target }) => target === "/var/lib/spark");
    expect(state?.volumeOptions.driverOptions).toMatchObject({
      device: expect.stringMatching(/\/dev\/master-state$/) as string,
    });
    for (const { source, volumeOptions } of container(cluster, "worker").mounts.filter(
      ({ target }) => target !== "/opt/workspace",
    )) {
      expect({ source, volumeOptions }).toEqual({ source: "", volumeOptions: { labels: owned } });
    }
  });

  test("that are mounted otherwise have another name, for a node keeps what it once made, and the same have the same", async () => {
    const workspace = async (sharedStorage: Written) => mounts(await onThree({ sharedStorage }), "worker")["/opt/workspace"];
    const name = await workspace({ nfs: "a:/export" });
    expect(await workspace({ nfs: "a:/export" })).toBe(name);
    expect(
      new Set([
        name,
        await workspace({ nfs: "b:/export" }),
        await workspace({ nfs: "a:/other" }),
        await workspace({ nfs: "a:/export", nfsOptions: "hard" }),
        await workspace({ folder: "/export" }),
      ]).size,
    ).toBe(5);
  });
});

describe("a role is put", () => {
  test("on any node, where all see its data, but JupyterLab, which commands reach into from the manager", async () => {
    const cluster = await onThree({ ...onNfs, ...withAll });
    for (const role of everyRole) {
      expect(constraints(cluster, role)).toEqual(role === "jupyterlab" ? ["node.id==a"] : []);
    }
  });

  test("on nodes with a label, where one is named, whatever else would tie it", async () => {
    const placement = Object.fromEntries(everyRole.map((role) => [role, "disk=ssd"]));
    for (const data of [onNfs, inBucket]) {
      const cluster = await onThree({ ...data, ...withAll, placement });
      for (const role of everyRole) {
        expect(constraints(cluster, role)).toEqual(["node.labels.disk==ssd"]);
      }
    }
  });

  test("on some manager, where the swarm did not answer", async () => {
    const cluster = await runCluster(onSwarm);
    expect(constraints(cluster, "jupyterlab")).toEqual(["node.role==manager"]);
    expect(constraints(cluster, "worker")).toEqual([]);
  });
});

describe("the network", () => {
  test("is over all nodes, encrypted, and one that the gateway can join", async () => {
    const { inputs, options } = (await onASwarm({}, one, { stack: "dev" })).get("spark-network");
    expect(inputs).toEqual({
      name: "spark-cluster-dev-network",
      driver: "overlay",
      attachable: true,
      options: { encrypted: "" },
      labels: owned,
    });
    const chosen = ["ipamConfigs", "ipamOptions", "options"];
    expect(options).toMatchObject({ deleteBeforeReplace: true, ignoreChanges: chosen });
  });

  test("is left to Spark's own encryption where that is wished for", async () => {
    expect((await onASwarm({ networkEncryption: "false" })).get("spark-network").inputs.options).toEqual({});
  });
});

describe("the gateway", () => {
  test("is a container of the manager's own engine, closed as others are, that opens all ports at bindAddress, and Connect's at loopback", async () => {
    const ports = { jupyterlab: 1111, sparkUi: 2222, historyServer: 3333, sparkConnect: 4444 };
    const { get } = await onASwarm({ bindAddress: "10.0.0.1", ports, sparkConnect: "true", tmpMemory: "64m" }, one, {
      stack: "dev",
    });
    const { type, inputs } = get("spark-gateway");
    expect(type).toBe("docker:index/container:Container");
    expect(inputs).toMatchObject({
      ...hardening,
      name: "spark-cluster-dev-gateway",
      hostname: "gateway",
      image: "sha256:spark-image-gateway",
      networkMode: "spark-cluster-dev-network",
      networksAdvanced: [{ name: "spark-cluster-dev-network", aliases: ["gateway"] }],
      volumes: [],
      envs: [],
      memory: 64 + 64,
      cpus: "1.0",
      healthcheck: { tests: ["CMD", "gateway-answers"] },
    });
    expect(inputs.ports).toEqual([
      { internal: 8080, external: 2222, ip: "10.0.0.1" },
      { internal: 8888, external: 1111, ip: "10.0.0.1" },
      { internal: 18080, external: 3333, ip: "10.0.0.1" },
      { internal: 15002, external: 4444, ip: "127.0.0.1" },
    ]);
  });

  test("opens nothing for servers that there are not", async () => {
    const { get } = await onASwarm({ historyServer: "false" });
    expect((get("spark-gateway").inputs.ports as { internal: number }[]).map(({ internal }) => internal)).toEqual([8080, 8888]);
  });

  test("has to have an image", async () => {
    const { swarm } = clusterConfig(onSwarm);
    const args = { images: { gateway: undefined } } as unknown as ReadyArgs;
    const program = () => {
      const parent = new pulumi.ComponentResource("spark-cluster:test:Parent", "parent");
      return new SwarmTarget(engines.docker, swarm!).ready("spark", args, parent);
    };
    await expect(run(program)).rejects.toThrow("without the image of its gateway");
  });
});

describe("a login to the registry", () => {
  const login = (registryPassword: string, registryUser = "me") =>
    onASwarm({ registryUser, registryPassword, imageRegistry: "registry.example.com:5000/team" });

  test("goes to the nodes with each service, as a secret, and is in no other input but how images are pulled", async () => {
    const cluster = await login("hunter2");
    for (const role of always) {
      expect(told(cluster, role).auth).toEqual({
        serverAddress: "registry.example.com:5000",
        username: "me",
        password: "hunter2",
      });
      expect(cluster.get(services[role]).secrets).toEqual(["auth.password"]);
    }
    const telling = customResources(cluster.resources).filter(({ inputs }) => JSON.stringify(inputs).includes("hunter2"));
    const where = ({ type, secrets }: Registration) => `${type.replace(/.*:/, "")} ${secrets.join()}`;
    expect(new Set(telling.map(where))).toEqual(new Set(["Service auth.password", "SuppliedImage way"]));
  });

  test("is not waited for anew when it is another, for nothing runs anew", async () => {
    const { changed } = difference(await login("one"), await login("two"));
    expect(changed).toEqual(expect.arrayContaining(always.map((role) => services[role])));
    expect(changed).not.toContain("spark-ready");
  });

  test("that nobody gave is none", async () => {
    const cluster = await onASwarm();
    expect(cluster.get("spark-master-service").inputs).not.toHaveProperty("auth");
    expect(cluster.get("spark-master-service").secrets).toEqual([]);
  });
});

describe("the wait", () => {
  const revision = expect.stringMatching(/^[0-9a-f]{16}$/) as string;

  test("is for all services, asked from the gateway, and longer by the time that workers have to drain", async () => {
    const written = { ...onNfs, readyTimeout: "100", drainTimeout: "7", workers: "3", sparkConnect: "true", catalog: "shared" };
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
    const { get } = await onASwarm({}, one, { preview: true });
    expect(get("spark-ready").inputs).toMatchObject({ gateway: unknown, services: unknown });
  });
});

test("the swarm and its network's kind are recorded with the stack's home: the same engine alone, or in the clear, is elsewhere", async () => {
  const host = async (run: Promise<Run<unknown>>) => (await run).get("spark-home").inputs.host;
  expect(await host(onASwarm())).toBe(`${engines.docker.host} (a swarm with an encrypted network)`);
  const places = [await host(onASwarm()), await host(onASwarm({ networkEncryption: "false" })), await host(runCluster())];
  expect(new Set(places).size).toBe(3);
});

describe("an edit touches what it concerns", () => {
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
      "eventLogRetention",
      { eventLogRetention: "1d" },
      ["spark-history-config-spark-defaults.conf", "spark-history-server-service", "spark-ready"],
    ],
    [
      "driverMemory, within the IDE's limit: a secret is replaced, and its reader is told",
      { driverMemory: "900m", sessions: "1" },
      ["spark-driver-config-spark-defaults.conf", "spark-jupyterlab-service", "spark-ready"],
    ],
  ])("%s", async (_, edit, expected) => {
    const { added, removed, changed } = difference(await onThree(), await onThree({ ...onNfs, ...edit }));
    expect({ added, removed, changed: changed.sort() }).toEqual({ added: [], removed: [], changed: [...expected].sort() });
  });
});
