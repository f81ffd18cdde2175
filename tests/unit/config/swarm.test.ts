import fc from "fast-check";

import { SharedStorage } from "../../../config/clusterConfig";
import { ConfigSource, readConfig } from "../../../config/reader";
import { Refusal } from "../../../config/readers";
import { schema } from "../../../config/schema";
import { clusterConfig, source, Written } from "../../../testbed/stackConfig";
import { errorOf, problemsOf } from "../helpers/problems";
import { customResources } from "../helpers/mocks";
import { node, onNfs, onSwarm, swarmOf, swarmRead, three } from "../helpers/swarm";
import { onASwarm } from "../helpers/swarmCluster";

const swarmConfig = (written: Readonly<Record<string, Written>> = {}, rest: Partial<ConfigSource> = {}) =>
  clusterConfig({ ...onSwarm, ...written }, rest);

describe("a target", () => {
  test("is one engine unless told, and then nothing of a swarm is in the configuration", () => {
    expect(clusterConfig().swarm).toBeUndefined();
    expect(clusterConfig({ networkEncryption: "false", drainTimeout: "9" }).swarm).toBeUndefined();
  });

  test("that is a swarm has the defaults of the keys that are there for it, or what is written", () => {
    expect(swarmConfig().swarm).toEqual({
      ...{ perNode: false, encryptedNetwork: true, placement: {}, storage: undefined, drainTimeout: 120 },
      ...{ manager: undefined, oneNode: false, workerNodes: [] },
    });
    const placement = { worker: "disk=ssd", "history-server": "zone/name.x=a-1.b" };
    const storage = { folder: "/mnt/all" };
    const written = { placement, sharedStorage: storage, networkEncryption: "false", drainTimeout: "9" };
    expect(swarmConfig(written).swarm).toMatchObject({ encryptedNetwork: false, placement, storage, drainTimeout: 9 });
  });
});

test("what a swarm says of itself is in the configuration: the manager that was asked, and the nodes that workers may be on", () => {
  const { swarm } = swarmConfig({ ...onNfs }, swarmRead(three));
  expect(swarm).toMatchObject({ manager: "a", oneNode: false, workerNodes: ["a", "b", "c"] });
  expect(swarmConfig({}, swarmRead(swarmOf(node("x")))).swarm).toMatchObject({ manager: "x", oneNode: true, workerNodes: ["x"] });
  const labelled = swarmConfig({ ...onNfs, placement: { worker: "disk=ssd", master: "disk=ssd" } }, swarmRead(three));
  expect(labelled.swarm?.workerNodes).toEqual(["b"]);
});

describe("a stack's name", () => {
  const refused = (stack: string, written: Record<string, Written> = {}, read = swarmRead(swarmOf(node("a")))) =>
    problemsOf(source({ ...onSwarm, ...written }, { ...read, stack }));

  test.each([
    ["a service", {}, 34, "history-server"],
    ["a service that is on", { historyServer: "false" }, 38, "jupyterlab"],
  ])("leaves room for the name of %s, and of the network", async (_, written, most, longest) => {
    const isTaken = (length: number) => refused("a".repeat(length), written).length === 0;
    expect([isTaken(most), isTaken(most + 1)]).toEqual([true, false]);
    const { resources } = await onASwarm(written, { stack: "a".repeat(most) });
    const names = customResources(resources)
      .filter(({ type }) => /:(Service|Network)$/.test(type))
      .map(({ inputs }) => (inputs.name as string).length);
    expect(Math.max(...names)).toBe(63);
    expect(refused("a".repeat(most + 1), written)).toEqual([
      {
        key: "the stack's name",
        value: JSON.stringify("a".repeat(most + 1)),
        allowed: `on a swarm, a name of at most ${most} letters, digits, - and _: it is a part of names such as spark-cluster-NAME-${longest}`,
        fix: "pulumi stack rename NAME",
      },
    ]);
  });

  test("has no dot on a swarm; an engine takes it, and so does one who only builds images", () => {
    expect(["a.b", "a-b_c", "a_", "../a"].map((stack) => refused(stack).length)).toEqual([1, 0, 0, 1]);
    expect(refused("a.b", {}, {})).toEqual([]);
    expect(problemsOf(source({}, { stack: "a.b" }))).toEqual([]);
  });
});

describe("per-node", () => {
  test("is as many workers as there are nodes for them, counted as one where the swarm does not answer", () => {
    const perNode = { ...onNfs, workers: "per-node" };
    const counted = (workers: number, workerNodes: string[]) => ({ sizes: { workers }, swarm: { perNode: true, workerNodes } });
    expect(swarmConfig(perNode, swarmRead(three))).toMatchObject(counted(3, ["a", "b", "c"]));
    const some = swarmConfig({ ...perNode, placement: { worker: "disk=ssd" } }, swarmRead(three));
    expect(some).toMatchObject(counted(1, ["b"]));
    expect(swarmConfig({ workers: "per-node" })).toMatchObject(counted(1, []));
  });

  test("is a word of its own beside a number", () => {
    expect([schema.workers.read("per-node"), schema.workers.read("7")]).toEqual(["per-node", 7]);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer().map(String)), (text) => {
        const read = schema.workers.read(text);
        expect(read instanceof Refusal || read === "per-node" || Number.isInteger(read)).toBe(true);
        expect(read === "per-node").toBe(text === "per-node");
      }),
    );
  });
});

const nfs = (server: string, path: string, options = "nfsvers=4"): SharedStorage => ({ nfs: { server, path, options } });

test.each<[Written, SharedStorage]>([
  [{ nfs: "a-b.example:/export/spark" }, nfs("a-b.example", "/export/spark")],
  [{ nfs: "10.0.0.9:/" }, nfs("10.0.0.9", "/")],
  [{ nfs: "[fd00::9]:/export" }, nfs("fd00::9", "/export")],
  [{ nfs: "files:/export", nfsOptions: "nfsvers=4.2,hard,port=2049" }, nfs("files", "/export", "nfsvers=4.2,hard,port=2049")],
  [{ folder: "/mnt/all_nodes/spark-1.x" }, { folder: "/mnt/all_nodes/spark-1.x" }],
])("data lies where %j says", (sharedStorage, expected) => {
  expect(swarmConfig({ sharedStorage }).swarm?.storage).toEqual(expected);
});

test("what is wrong in them is said on one engine too, beside that they are for a swarm", () => {
  const written = { workers: "per-node", placement: { worker: "ssd" }, sharedStorage: { folder: "mnt" } };
  expect(problemsOf(source(written)).map(({ key }) => key)).toEqual([
    "placement.worker",
    "sharedStorage.folder",
    "workers",
    "placement",
    "sharedStorage",
  ]);
});

test("what is secret is not shown, not even a label that no node has", () => {
  const written: Record<string, Written>[] = [
    { placement: { worker: "hunter2" } },
    { placement: { worker: "disk=hunter2" } },
    { sharedStorage: { nfs: "hunter2" } },
    { sharedStorage: { folder: "hunter2" } },
  ];
  const unknown = { sharedStorage: { hunter: "hunter2" } };
  expect(errorOf(source({ ...onSwarm, ...unknown }, swarmRead(swarmOf(node("a")))))?.message).not.toContain("hunter2");
  for (const each of written) {
    const error = errorOf(source({ ...onSwarm, ...each }, swarmRead(swarmOf(node("a")), ...Object.keys(each))));
    expect(error?.problems.map(({ value }) => value)).toEqual(["(secret)"]);
    expect(error?.message).not.toContain("hunter2");
  }
});

test("whatever is read as a label or a place has no character that means something to a constraint, to mount or to a shell", () => {
  const pieces = "disk = ssd / : , ; $(x) ' ! [ ] files .. -".split(" ");
  const piece = fc.constantFrom(...pieces, " ", "\n");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 7 }), (parts) => {
      const text = parts.join("");
      const label = readOr(() => swarmConfig({ placement: { worker: text } }).swarm?.placement.worker, "a=b");
      expect(label).toMatch(/^[\w./-]+=[\w.-]+$/);
      const storage = readOr(() => swarmConfig({ sharedStorage: { nfs: text } }).swarm?.storage, undefined);
      expect(JSON.stringify(storage ?? "")).not.toMatch(/[ ;$()\\'!]/);
      const folder = readOr(() => swarmConfig({ sharedStorage: { folder: text } }).swarm?.storage, undefined);
      expect(JSON.stringify(folder ?? "")).not.toMatch(/[ ;$()\\'!]/);
    }),
    { numRuns: 300 },
  );
});

/** What is read, or what stands for a configuration that is refused. */
function readOr<T>(read: () => T, refused: T): T {
  try {
    return read();
  } catch {
    return refused;
  }
}

test("a swarm that does not answer is checked against nothing", () => {
  expect(readConfig(source({ ...onSwarm, workers: "1000", workerCores: "64", imageSource: "build" })).sizes.workers).toBe(1000);
});
