import { writeFileSync } from "node:fs";

import { roles } from "../../../../roles";
import { imagesOf } from "../../../../images/plan";
import { lockFile } from "../../../../images/published";
import { clusterConfig, Written } from "../../../../testbed/stackConfig";
import { owned, runCluster } from "../../helpers/cluster";
import { enterProjectCopy } from "../../helpers/folders";
import { customResources, difference, Registration, resolved } from "../../helpers/mocks";
import { inBucket, node, onNfs, onSwarm, swarmOf } from "../../helpers/swarm";
import { always, constraints, container, everyRole, mounts, onASwarm, onThree } from "../../helpers/swarmCluster";
import { Placed, services, told, withAll } from "../../helpers/swarmCluster";

test("a service is closed: an image by its digest, no capability, no writable root, no port, and the memory that it may take is kept for it", async () => {
  const { get } = await onASwarm({ masterMemory: "1g", daemonCores: "3" }, { stack: "dev" });
  const labels = [...owned, { label: "spark-cluster.role", value: "master" }];
  const memoryBytes = (1024 + 128) * 1024 * 1024;
  const mount = (target: string, source: string) => ({ type: "volume", target, source, volumeOptions: { labels: owned } });
  const { type, inputs, options, secrets } = get("spark-master-service");
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
            secretName: expect.stringMatching(/^spark-daemon-config-spark-defaults\.conf-of-/) as string,
            fileName: "/etc/spark-cluster/spark-defaults.conf",
            ...{ fileUid: "1000", fileGid: "1000", fileMode: 0o400 },
          },
        ],
        mounts: [
          mount("/opt/workspace", "spark-cluster-dev-workspace"),
          mount("/var/lib/spark", "spark-cluster-dev-master-state"),
          mount("/tmp", ""),
        ],
        ...{ readOnly: true, capDrops: ["ALL"], init: true },
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
  expect(secrets).toEqual([]); // where nobody gave a login to the registry
  expect(options).toMatchObject({ parent: "spark-master", deleteBeforeReplace: true, retainOnDelete: false });
});

test("every role is closed in the same way, and asked for itself: a worker not for its master, which may be away", async () => {
  const cluster = await onASwarm(withAll);
  const { restartPolicy, logDriver } = told(cluster, "master").taskSpec;
  const asked: Record<Placed, string> = {
    master: "CMD master-state",
    worker: "CMD bash -c : < /dev/tcp/localhost/8081",
    jupyterlab: "CMD jupyterlab-answers",
    "history-server": "CMD history-server-lists",
    connect: "CMD spark-connect-answers",
    catalog: "CMD catalog-answers",
  };
  for (const role of everyRole) {
    const { name, endpointSpec, taskSpec, ...rest } = told(cluster, role);
    const { containerSpec, resources } = taskSpec;
    expect([name, endpointSpec]).toEqual([`spark-cluster-unit-${role}`, { mode: "dnsrr" }]);
    expect(JSON.stringify([endpointSpec, taskSpec, rest])).not.toMatch(/"(ports|published|capAdds|privileges)/i);
    expect(containerSpec).toMatchObject({ readOnly: true, capDrops: ["ALL"], init: true });
    expect(containerSpec.image).toMatch(/^registry\.example\.com\/spark-image-[a-z-]+@sha256:/);
    expect(containerSpec.healthcheck.tests.join(" ")).toBe(asked[role]);
    expect(resources.limits.memoryBytes).toBeGreaterThan(0);
    expect(resources.reservation).toEqual({ memoryBytes: resources.limits.memoryBytes });
    expect(taskSpec).toMatchObject({ restartPolicy, logDriver });
  }
});

test("a service is touched when every image is there and its files are", async () => {
  const { get } = await onASwarm();
  const images = imagesOf({ ...clusterConfig(), swarm: {} }).map((image) => `spark-image-${image}`);
  const before = [...images, "spark-driver-config-jupyter-token"];
  expect(get("spark-jupyterlab-service").options.dependencies).toEqual(expect.arrayContaining(before));
});

test("an image that is pulled by a digest is told by that one, whatever else the engine knows it by", async () => {
  const tagged = String((await onASwarm()).get("spark-image-spark-master").inputs.name);
  const digest = `sha256:${"a".repeat(64)}`;
  enterProjectCopy(); // this checkout may have a lock file of its own
  writeFileSync(lockFile(), JSON.stringify({ [tagged]: digest }));
  const cluster = await onASwarm({}, { stack: "locked" });
  expect(container(cluster, "master").image).toBe(`registry.example.com/team/spark-cluster-spark-master@${digest}`);
  expect(container(cluster, "worker").image).toBe("registry.example.com/spark-image-spark-worker@sha256:1");
});

describe("workers", () => {
  test("are one service of as many containers, which have time to drain before they are ended", async () => {
    const written = { workers: "3", workerCores: "3", workerMemory: "1536m", daemonMemory: "300m", drainTimeout: "99" };
    const { taskSpec, mode } = told(await onASwarm(written), "worker");
    const memoryBytes = roles.worker.memory(clusterConfig(written).sizes) * 1024 * 1024;
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
    const names = async (written: Record<string, Written>) =>
      (await resolved((await onThree({ ...onNfs, ...written })).result.workers)).value;
    expect(await names({ workers: "2" })).toEqual(["spark-worker-1", "spark-worker-2"]);
    expect(await names({ workers: "per-node" })).toEqual(["spark-worker-a", "spark-worker-b", "spark-worker-c"]);
    expect(await names({ workers: "per-node", placement: { worker: "disk=ssd" } })).toEqual(["spark-worker-b"]);
  });

  test.each([
    ["2", "3", false, { replicated: { replicas: 3 } }],
    ["2", "3", true, { replicated: { replicas: 3 } }],
    ["3", "per-node", false, { global: true }],
  ])("%s that become %s are a change of their service and of the wait, and of nothing else (preview: %s)", async (...args) => {
    const [few, many, preview, mode] = args;
    const of = (workers: string) => onThree({ ...onNfs, workers }, { preview });
    const [before, after] = [await of(few), await of(many)];
    const { added, removed, changed } = difference(before, after);
    expect([added, removed, changed.sort()]).toEqual([[], [], ["spark-ready", "spark-worker-service"]]);
    expect(told(after, "worker")).toEqual({ ...told(before, "worker"), mode });
    // A swarm refuses to turn one mode into the other.
    expect(after.get("spark-worker-service").options.replaceOnChanges).toEqual(["mode.global"]);
  });
});

test("a node's maintenance changes nothing, neither where data is nor what mounts it", async () => {
  const [both, other] = [swarmOf(node("a"), node("b")), swarmOf(node("a"))];
  const drained = { ...other, away: [{ id: "b", name: "b", isDown: false, labels: {} }] };
  const [before, during] = [await onASwarm(inBucket, {}, both), await onASwarm(inBucket, {}, drained)];
  expect(difference(before, during)).toEqual({ added: [], removed: [], changed: [] });
  expect(mounts(during, "worker")).not.toHaveProperty("/opt/workspace");
  expect(mounts(await onASwarm(inBucket, {}, other), "worker")).toHaveProperty("/opt/workspace");
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
      expect(everyRole.map((role) => constraints(cluster, role))).toEqual(everyRole.map(() => ["node.labels.disk==ssd"]));
    }
  });

  test("on some manager, where the swarm did not answer", async () => {
    const cluster = await runCluster(onSwarm);
    expect(constraints(cluster, "jupyterlab")).toEqual(["node.role==manager"]);
    expect(constraints(cluster, "worker")).toEqual([]);
  });
});

describe("a login to the registry", () => {
  const login = (registryPassword: string) => ({
    ...{ registryUser: "me", registryPassword, imageRegistry: "registry.example.com:5000/team" },
  });

  test("goes to the nodes with each service, as a secret, and is in no other input but how images are pulled", async () => {
    const cluster = await onASwarm(login("hunter2"));
    for (const role of always) {
      expect(told(cluster, role).auth).toEqual({
        ...{ serverAddress: "registry.example.com:5000", username: "me", password: "hunter2" },
      });
      expect(cluster.get(services[role]).secrets).toEqual(["auth.password"]);
    }
    const telling = customResources(cluster.resources).filter(({ inputs }) => JSON.stringify(inputs).includes("hunter2"));
    const where = ({ type, secrets }: Registration) => `${type.replace(/.*:/, "")} ${secrets.join()}`;
    expect(new Set(telling.map(where))).toEqual(new Set(["Service auth.password", "SuppliedImage way"]));
  });

  test("is not waited for anew when it is another, for nothing runs anew", async () => {
    const { changed } = difference(await onASwarm(login("one")), await onASwarm(login("two")));
    expect(changed).toEqual(expect.arrayContaining(always.map((role) => services[role])));
    expect(changed).not.toContain("spark-ready");
  });
});
