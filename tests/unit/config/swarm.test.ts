import fc from "fast-check";

import { SharedStorage } from "../../../config/clusterConfig";
import { keys } from "../../../config/keys";
import { shown } from "../../../config/problem";
import { ConfigSource, readConfig } from "../../../config/reader";
import { Refusal } from "../../../config/readers";
import { engines } from "../helpers/engine";
import { clusterConfig, errorOf, mended, problemsOf, source, Written } from "../helpers/stackConfig";
import { node, onNfs, onSwarm, swarmOf, swarmRead } from "../helpers/swarm";

const three = swarmOf(node("a"), node("b", { labels: { disk: "ssd" } }), node("c"));
const swarmConfig = (written: Readonly<Record<string, Written>> = {}, rest: Partial<ConfigSource> = {}) =>
  clusterConfig({ ...onSwarm, ...written }, rest);
const roles = "roles are master, worker, jupyterlab, history-server, connect, catalog";

describe("a target", () => {
  test("is one engine unless told, and then nothing of a swarm is in the configuration", () => {
    expect(clusterConfig().swarm).toBeUndefined();
    expect(clusterConfig({ networkEncryption: "false", drainTimeout: "9" }).swarm).toBeUndefined();
  });

  test("that is a swarm has the defaults of the keys that are there for it", () => {
    expect(swarmConfig().swarm).toEqual({
      perNode: false,
      encryptedNetwork: true,
      placement: {},
      storage: undefined,
      drainTimeout: 120,
      manager: undefined,
      oneNode: false,
      workerNodes: [],
    });
  });

  test("that is a swarm has what is written", () => {
    const written = {
      placement: { worker: "disk=ssd", "history-server": "zone/name.x=a-1.b" },
      sharedStorage: { folder: "/mnt/all" },
      networkEncryption: "false",
      drainTimeout: "9",
    };
    expect(swarmConfig(written).swarm).toMatchObject({
      encryptedNetwork: false,
      placement: written.placement,
      storage: { folder: "/mnt/all" },
      drainTimeout: 9,
    });
  });
});

test("what a swarm says of itself is in the configuration: the manager that was asked, and the nodes that workers may be on", () => {
  const { swarm } = swarmConfig({ ...onNfs }, swarmRead(three));
  expect(swarm).toMatchObject({ manager: "a", oneNode: false, workerNodes: ["a", "b", "c"] });
  expect(swarmConfig({}, swarmRead(swarmOf(node("x")))).swarm).toMatchObject({ manager: "x", oneNode: true, workerNodes: ["x"] });
  const labelled = swarmConfig({ ...onNfs, placement: { worker: "disk=ssd", master: "disk=ssd" } }, swarmRead(three));
  expect(labelled.swarm?.workerNodes).toEqual(["b"]);
});

describe("per-node", () => {
  test("is as many workers as there are nodes for them", () => {
    const perNode = { ...onNfs, workers: "per-node" };
    const all = swarmConfig(perNode, swarmRead(three));
    const some = swarmConfig({ ...perNode, placement: { worker: "disk=ssd" } }, swarmRead(three));
    expect([all.sizes.workers, all.swarm?.perNode]).toEqual([3, true]);
    expect([some.sizes.workers, some.swarm?.perNode]).toEqual([1, true]);
  });

  test("is counted as one where the swarm does not answer", () => {
    expect(swarmConfig({ workers: "per-node" })).toMatchObject({
      sizes: { workers: 1 },
      swarm: { perNode: true, workerNodes: [] },
    });
  });

  test("is a word of its own beside a number, and any other is refused with both", () => {
    expect([keys.workers("per-node"), keys.workers("7")]).toEqual(["per-node", 7]);
    expect(keys.workers("per-machine")).toEqual(new Refusal("a whole number from 1 to 10000, or per-node", "1"));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer().map(String)), (text) => {
        const read = keys.workers(text);
        expect(read instanceof Refusal || read === "per-node" || Number.isInteger(read)).toBe(true);
        expect(read === "per-node").toBe(text === "per-node");
      }),
    );
  });
});

test.each<[Written, SharedStorage]>([
  [
    { nfs: "files.example.com:/export/spark" },
    { nfs: { server: "files.example.com", path: "/export/spark", options: "nfsvers=4" } },
  ],
  [{ nfs: "10.0.0.9:/" }, { nfs: { server: "10.0.0.9", path: "/", options: "nfsvers=4" } }],
  [{ nfs: "[fd00::9]:/export" }, { nfs: { server: "fd00::9", path: "/export", options: "nfsvers=4" } }],
  [
    { nfs: "files:/export", nfsOptions: "nfsvers=4.2,hard,port=2049" },
    { nfs: { server: "files", path: "/export", options: "nfsvers=4.2,hard,port=2049" } },
  ],
  [{ folder: "/mnt/all_nodes/spark-1.x" }, { folder: "/mnt/all_nodes/spark-1.x" }],
])("data lies where %j says", (sharedStorage, expected) => {
  expect(swarmConfig({ sharedStorage }).swarm?.storage).toEqual(expected);
});

const aServer = "a server and what it exports, such as files.example.com:/export";
const options = "options of mount.nfs beside nfs, such as nfsvers=4.2,hard";
const aFolder = "the path of a folder that all nodes see as one, and no nfs beside it";
const aLabel = "a node's label and its value, such as disk=ssd";
const nfs = "files.example.com:/export";
type Case = [written: Record<string, Written>, key: string, value: string, allowed: string, mend: string];

const cases: Case[] = [
  [{ target: "kubernetes" }, "target", '"kubernetes"', "one of engine, swarm", "pulumi config set target engine"],
  [{ workers: "each" }, "workers", '"each"', "a whole number from 1 to 10000, or per-node", "pulumi config set workers 1"],
  [{ networkEncryption: "on" }, "networkEncryption", '"on"', "true or false", "pulumi config set networkEncryption true"],
  [{ drainTimeout: "0" }, "drainTimeout", '"0"', "a whole number from 1 to 3600", "pulumi config set drainTimeout 1"],
  [{ drainTimeout: "3601" }, "drainTimeout", '"3601"', "a whole number from 1 to 3600", "pulumi config set drainTimeout 3600"],
  [{ placement: "ssd" }, "placement", '"ssd"', "a map of settings", "pulumi config rm placement"],
  [{ sharedStorage: "/mnt" }, "sharedStorage", '"/mnt"', "a map of settings", "pulumi config rm sharedStorage"],
  ...["ssd", "disk=", "=ssd", "disk==ssd", "disk!=ssd", "disk=a b", "-x=y", "", `disk=${"x".repeat(101)}`].map((value): Case => {
    return [
      { placement: { worker: value } },
      "placement.worker",
      shown(value),
      aLabel,
      "pulumi config rm --path placement.worker",
    ];
  }),
  [
    { placement: { "history-server": "ssd" } },
    "placement.history-server",
    '"ssd"',
    aLabel,
    "pulumi config rm --path placement.history-server",
  ],
  [
    { placement: { wroker: "disk=ssd" } },
    "placement.wroker",
    "no such role",
    `the nearest is worker; ${roles}`,
    "pulumi config rm --path placement.wroker",
  ],
  [{ placement: { gateway: "a=b" } }, "placement.gateway", "no such role", roles, "pulumi config rm --path placement.gateway"],
  [{ placement: { "the master": "a=b" } }, 'placement."the master"', "no such role", roles, "pulumi config rm placement"],
  ...[
    "files.example.com",
    "files.example.com/export",
    ":/export",
    "files:export",
    "a b:/x",
    "files:/a b",
    "[fd00:/x",
    "a,b:/x",
    "",
  ].map((value): Case => [
    { sharedStorage: { nfs: value } },
    "sharedStorage.nfs",
    JSON.stringify(value),
    aServer,
    "pulumi config rm --path sharedStorage.nfs",
  ]),
  [
    { sharedStorage: { nfs, nfsOptions: "hard; reboot" } },
    "sharedStorage.nfsOptions",
    '"hard; reboot"',
    options,
    "pulumi config rm --path sharedStorage.nfsOptions",
  ],
  [
    { sharedStorage: { nfsOptions: "hard" } },
    "sharedStorage.nfsOptions",
    '"hard"',
    options,
    "pulumi config rm --path sharedStorage.nfsOptions",
  ],
  ...["mnt/all", "/", "/mnt/a b", "", "C:/mnt"].map((value): Case => [
    { sharedStorage: { folder: value } },
    "sharedStorage.folder",
    JSON.stringify(value),
    aFolder,
    "pulumi config rm --path sharedStorage.folder",
  ]),
  [
    { sharedStorage: { folder: "/mnt", nfs } },
    "sharedStorage.folder",
    '"/mnt"',
    aFolder,
    "pulumi config rm --path sharedStorage.folder",
  ],
  [
    { sharedStorage: { ntf: nfs } },
    "sharedStorage.ntf",
    JSON.stringify(nfs),
    "no such key: sharedStorage has nfs, nfsOptions and folder",
    "pulumi config rm --path sharedStorage.ntf",
  ],
  [
    { sharedStorage: { "the server": "x" } },
    'sharedStorage."the server"',
    '"x"',
    "no such key: sharedStorage has nfs, nfsOptions and folder",
    "pulumi config rm sharedStorage",
  ],
];

test.each(cases)("%j is refused on a swarm", (edit, key, value, allowed, mend) => {
  const written = { ...onSwarm, ...edit };
  expect(problemsOf(source(written))).toEqual([{ key, value, allowed: expect.stringContaining(allowed) as string, mend }]);
  expect(errorOf(source(mended(written, mend)))).toBeUndefined();
});

test.each<Case>([
  [
    { workers: "per-node" },
    "workers",
    "per-node",
    "for a cluster on a swarm: an engine is one machine",
    "pulumi config set workers 2",
  ],
  [{ placement: { worker: "disk=ssd" } }, "placement", "a value", "for a cluster on a swarm", "pulumi config rm placement"],
  [{ sharedStorage: { nfs } }, "sharedStorage", "a value", "for a cluster on a swarm", "pulumi config rm sharedStorage"],
])("%j is refused on one engine", (written, key, value, allowed, mend) => {
  expect(problemsOf(source(written))).toEqual([{ key, value, allowed: expect.stringContaining(allowed) as string, mend }]);
  expect(errorOf(source(mended(written, mend)))).toBeUndefined();
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

test("Podman is refused for a swarm, which is made of Docker engines", () => {
  const written = { ...onSwarm, engine: "podman" };
  const rest = { engine: engines.podman };
  const mend = "pulumi config set target engine";
  expect(problemsOf(source(written, rest))).toEqual([
    { key: "target", value: "swarm", allowed: "engine, on Podman: a swarm is made of Docker engines", mend },
  ]);
  expect(errorOf(source(mended(written, mend), rest))).toBeUndefined();
});

test("what is secret is not shown, not even a label that no node has", () => {
  const written: Record<string, Written>[] = [
    { placement: { worker: "hunter2" } },
    { placement: { worker: "disk=hunter2" } },
    { sharedStorage: { nfs: "hunter2" } },
    { sharedStorage: { hunter: "hunter2" } },
  ];
  for (const each of written) {
    const rest = swarmRead(swarmOf(node("a")), ...Object.keys(each));
    const error = errorOf(source({ ...onSwarm, ...each }, rest));
    expect(error?.problems.map(({ value }) => value)).toEqual(["(secret)"]);
    expect(error?.message).not.toContain("hunter2");
  }
});

test("whatever is read as a label or a place has no character that means something to a constraint, to mount or to a shell", () => {
  const pieces = fc.array(
    fc.constantFrom("disk", "=", "ssd", "/", ":", ",", " ", ";", "$(x)", "\n", "'", "!", "[", "]", "files", "..", "-"),
    {
      maxLength: 7,
    },
  );
  fc.assert(
    fc.property(pieces, (parts) => {
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
