import { shown } from "../../../config/problem";
import { ConfigSource } from "../../../config/reader";
import { sparkVersions } from "../../../config/sparkVersions";
import { engines } from "../../../testbed/engines/socketsOfRoot";
import { source, Written } from "../../../testbed/stackConfig";
import { errorOf, expectFixed, fixed, problemsOf } from "../helpers/problems";
import { onSwarm } from "../helpers/swarm";

const memory = (bound: string) => `memory as Spark writes it, in whole numbers (512m, 2g), ${bound}`;
const map = 'a map of settings, such as { "spark.sql.shuffle.partitions": 8 }';
const anAddress = "an address that begins with http:// or https://, special characters written as %xx, or nothing";
const mirror = "https://mirror.example.com/path";
const aWord = "letters, digits and . : , / * _ -, 200 at most";
const aDay = "2026-01-31";
const aRegistry = "a registry's host, with port and path if it has them, and nothing before it";
const team = "registry.example.com/team";
const atLeastOne = "a whole number from 1 to 10000";
const seconds = "a whole number from 10 to 3600";
const aTimeZone = "a time zone's name in the tz database, such as Europe/Berlin";
const aPath = "a path such as /spark or /team/spark: no / at its end, no part proxy or history";
const anIp = "an IP address of the engine's machine, 127.0.0.1 to keep ports closed to others";

/** Values of a key that are refused, each alone, what is allowed, and what the command sets; nothing for one that removes the key. */
const values: [key: string, refused: string[], allowed: string, set?: string][] = [
  ["workers", ["0", "-1", "two", "2.5", "", "1e3", "per-machine", "each"], `${atLeastOne}, or per-node`, "1"],
  ["workers", ["10001"], `${atLeastOne}, or per-node`, "10000"],
  ["workerCores", ["0"], atLeastOne, "1"],
  ["executorCores", ["0"], atLeastOne, "1"],
  ["sessions", ["0"], atLeastOne, "1"],
  ["readyTimeout", ["5"], seconds, "10"],
  ["readyTimeout", ["4000"], seconds, "3600"],
  ["driverMemory", ["16385g", "16.5t"], memory("at most 16384g"), "16384g"],
  ["driverMemory", ["1.5g"], memory("at least 450m"), "1536m"],
  ["driverMemory", ["0.1g", "1024"], memory("at least 450m"), "450m"],
  ["workerMemory", ["449m"], memory("at least 450m"), "450m"],
  ["executorMemory", ["449m"], memory("at least 450m"), "450m"],
  ["pythonMemory", ["1k"], memory("at least 256m"), "256m"],
  ["ideMemory", ["255m"], memory("at least 256m"), "256m"],
  ["masterMemory", ["383m"], memory("at least 384m"), "384m"],
  ["daemonMemory", ["255m"], memory("at least 256m"), "256m"],
  ["tmpMemory", ["63m"], memory("at least 64m"), "64m"],
  ["bindAddress", ["fe80::1%eth0", "localhost"], anIp, "127.0.0.1"],
  ["basePath", ["spark", "/spark/", "https://data.example.com/spark"], aPath, "/spark"],
  ["basePath", ["/", "/a/history", "/proxy", "/../a", "/a b", `/${"a".repeat(201)}`], aPath, "/spark"],
  ["sparkVersion", ["2.4.0"], `one of ${sparkVersions.join(", ")}`, sparkVersions[0]],
  [
    "baseImage",
    ["Debian 12"],
    "the name of a Debian 12 image, as docker pull takes it",
    "docker.io/library/debian:bookworm-slim",
  ],
  ["rebuild", ["$(reboot)"], aWord, aDay],
  ["noProxy", ["a b"], aWord, aDay],
  ["tokenGeneration", ["x'y"], aWord, aDay],
  ["secretGeneration", ["x;y"], aWord, aDay],
  ["caCertificates", [""], "the path of a folder, auto or none", "auto"],
  ["caCertificates", ["/no/such/folder"], "a folder that is there, auto or none", "auto"],
  ["tls", ["/no/such/folder"], "a folder with tls.crt and tls.key, or generated, or none", "generated"],
  ["engine", ["Podman", ""], "one of docker, podman", "docker"],
  ["imageSource", ["push"], "one of build, pull", "build"],
  ["imageRegistry", ["team", "team/spark", "https://registry.example.com", "me@registry.example.com"], aRegistry, team],
  ["imageRegistry", ["registry.example.com/", "registry.example.com/Team", "registry.example.com/x:tag"], aRegistry, team],
  ["imageRegistry", ["localhost:port", `registry.example.com/${"a".repeat(180)}`], aRegistry, team],
  ["imageTag", [".1", "a/b", "t".repeat(129)], "an image's tag: letters, digits and . _ -, 128 at most", "v1"],
  ["registryUser", ["me\n", "u".repeat(4097)], "one line, 4096 characters at most"],
  ["pipIndexUrl", ["pip.example.com"], anAddress, mirror],
  ["aptMirror", ["http://a b"], anAddress, mirror],
  ["httpProxy", ["http://p'; reboot", "ftp://proxy", "http://["], anAddress, mirror],
  ["ports", ["8888"], map],
  ["sparkProperties", ["[1]", "null", "spark.x=1", '{"spark.x":{"y":1}}'], map],
  ["sparkProperties", ['{"spark.x":12345678901234567890}'], "a map whose numbers of more than 15 digits are in quotes"],
  ["timeZone", ["europe/berlin", "Berlin", "Europe/Berlim"], aTimeZone, "Europe/Berlin"],
  ["timeZone", ["America/New_york"], aTimeZone, "America/New_York"],
  ["timeZone", ["+02:00", "", "Europe", "../etc/passwd", "Z".repeat(99)], aTimeZone, "UTC"],
  ["target", ["kubernetes"], "one of engine, swarm", "engine"],
  ["networkEncryption", ["on"], "true or false", "true"],
  ["drainTimeout", ["0"], "a whole number from 1 to 3600", "1"],
  ["drainTimeout", ["3601"], "a whole number from 1 to 3600", "3600"],
  ["placement", ["ssd"], "a map of settings"],
  ["sharedStorage", ["/mnt"], "a map of settings"],
];

/** That there is one problem, and that its command fixes it. */
function expectRefused(
  written: Readonly<Record<string, Written>>,
  [key, value, allowed, fix]: readonly [key: string, value: string, allowed: string, fix: string],
  rest: Partial<ConfigSource> = {},
): void {
  const problems = problemsOf(source(written, rest));
  expect(problems).toEqual([{ key, value, allowed: expect.stringContaining(allowed) as string, fix }]);
  expect(errorOf(source(fixed(written, fix), rest))?.problems.map((left) => left.key) ?? []).not.toContain(key);
}

test.each(values.flatMap(([key, refused, allowed, set]) => refused.map((value) => ({ key, value, allowed, set }))))(
  "$key $value is refused",
  ({ key, value, allowed, set }) => {
    const fix = set === undefined ? `pulumi config rm ${key}` : `pulumi config set ${key} ${set}`;
    expectRefused({ [key]: value }, [key, shown(value), allowed, fix]);
  },
);

const lists = "pulumi config lists all";
const port = "a whole number from 1 to 65535";

test.each<[Record<string, Written>, key: string, value: string, allowed: string, fix: string]>([
  [
    { imageSource: "pull" },
    "imageRegistry",
    "nothing",
    "the registry to pull from, as imageSource is pull",
    "set imageSource build",
  ],
  [{ registryUser: "me" }, "registryPassword", "nothing", "a value beside registryUser", "rm registryUser"],
  [{ ports: { jupyterlab: 0 } }, "ports.jupyterlab", '"0"', port, "set --path ports.jupyterlab 8888"],
  [{ ports: { sparkUi: 65536 } }, "ports.sparkUi", '"65536"', port, "set --path ports.sparkUi 8080"],
  [
    { ports: { jupyter: 1 } },
    "ports.jupyter",
    "no such key",
    "the nearest is jupyterlab; ports has jupyterlab, ",
    "rm --path ports.jupyter",
  ],
  [
    { ports: { sparkUi: 8888 } },
    ...(["ports.sparkUi", "8888", "a port of its own: ports.jupyterlab has the same", "set --path ports.sparkUi 8889"] as const),
  ],
  [{ wokers: "2" }, "wokers", "no such key", `the nearest is workers; ${lists}`, "rm wokers"],
  [{ WorkerMemory: "2g" }, "WorkerMemory", "no such key", `the nearest is workerMemory; ${lists}`, "rm WorkerMemory"],
  [{ constructor: "x" }, "constructor", "no such key", lists, "rm constructor"],
  [{ "bad key": "x" }, '"bad key"', "no such key", lists, "rm 'bad key'"],
  [
    { executorCores: "2" },
    ...(["executorCores", "2", "executorCores x sessions, 2 x 2, may be at most workerCores, 2", "set workerCores 4"] as const),
  ],
  [
    { executorMemory: "1g" },
    ...(["executorMemory", "1g", "executorMemory x sessions, 1g x 2, may be at most workerMemory, 1g"] as const),
    "set workerMemory 2g",
  ],
])("%j is refused", (written, key, value, allowed, fix) => {
  expectRefused(written, [key, value, allowed, `pulumi config ${fix}`]);
});

test.each(["it's", "a b", "$(reboot)", "a;b"])(
  "a port called %j is removed by a command that a shell takes as it is meant",
  (name) => {
    const written = { ports: { [name]: 1 } };
    const [problem] = problemsOf(source(written));
    expect(problemsOf(source(fixed(written, problem?.fix ?? "")))).toEqual([]);
  },
);

const cpus = (count: number, memory = 65_536) => ({ size: { cpus: count, memory } });
const set = (...all: string[]) => all.map((each) => `pulumi config set ${each}`).join(" && ");

test.each<[Record<string, Written>, Partial<ConfigSource>, key: string, value: string, allowed: string, fix: string]>([
  [{ workerCores: "16" }, cpus(4), "workerCores", "16", "at most the engine's 4 CPUs", set("workerCores 4")],
  [
    ...([{ workers: "100" }, cpus(4, 16_384), "workers", "100"] as const),
    "may take at most the engine's 16g (a worker 3200m, JupyterLab 4480m, the master 640m, the history server 640m, the catalog 256m)",
    set("workers 3"),
  ],
  [
    { sessions: "8", workerMemory: "8g", workerCores: "8", driverMemory: "4g" },
    ...([cpus(8, 16_384), "workers", "2", "may take at most the engine's 16g"] as const),
    set("workers 1", "sessions 1", "workerMemory 512m", "workerCores 1"),
  ],
  [
    ...([{ executorCores: "3", workerCores: "4" }, cpus(4), "executorCores", "3"] as const),
    "executorCores x sessions, 3 x 2, may be at most workerCores, 4",
    set("sessions 1"),
  ],
  [
    ...([{ executorCores: "8", workerCores: "4" }, cpus(4), "executorCores", "8"] as const),
    "executorCores x sessions, 8 x 2, may be at most workerCores, 4",
    set("executorCores 2"),
  ],
])("%j is refused on an engine that has too little", (written, rest, ...problem) => {
  expectRefused(written, problem, rest);
});

describe("on a swarm,", () => {
  const roles = "roles are master, worker, jupyterlab, history-server, connect, metrics, catalog";
  const aLabel = "a node's label and its value, such as disk=ssd";
  const labels = ["ssd", "disk=", "=ssd", "disk==ssd", "disk!=ssd", "disk=a b", "-x=y", "", `disk=${"x".repeat(101)}`];
  const nfs = "files.example.com:/export";
  const noServers = ["files.example.com", "files.example.com/export", ":/export", "files:export", "a b:/x"];
  const noFolders = ["mnt/all", "/", "/mnt/a b", "", "C:/mnt"];
  const fields = "sharedStorage has nfs, nfsOptions, folder";
  const place = (field: string, value: string, allowed: string, rest = {}): [object, string, string, string] => [
    { sharedStorage: { ...rest, [field]: value } },
    ...([`sharedStorage.${field}`, shown(value), allowed] as const),
  ];

  test.each<[edit: object, key: string, value: string, allowed: string, removed?: string]>([
    ...labels.map((label): [object, string, string, string] => {
      return [{ placement: { worker: label } }, "placement.worker", shown(label), aLabel];
    }),
    [{ placement: { "history-server": "ssd" } }, "placement.history-server", '"ssd"', aLabel],
    [{ placement: { wroker: "a=b" } }, "placement.wroker", "no such role", `the nearest is worker; ${roles}`],
    [{ placement: { gateway: "a=b" } }, "placement.gateway", "no such role", roles],
    [{ placement: { "the master": "a=b" } }, 'placement."the master"', "no such role", roles, "placement"],
    ...[...noServers, "files:/a b", "[fd00:/x", "a,b:/x", ""].map((value) =>
      place("nfs", value, "a server and what it exports, such as files.example.com:/export"),
    ),
    place("nfsOptions", "hard; reboot", "options of mount.nfs beside nfs, such as nfsvers=4.2,hard", { nfs }),
    place("nfsOptions", "hard", "options of mount.nfs beside nfs, such as nfsvers=4.2,hard"),
    ...noFolders.map((value) => place("folder", value, "the path of a folder that all nodes see as one, and no nfs beside it")),
    place("folder", "/mnt", "the path of a folder that all nodes see as one, and no nfs beside it", { nfs }),
    [{ sharedStorage: { ntf: nfs } }, "sharedStorage.ntf", "no such key", `the nearest is nfs; ${fields}`],
    [{ sharedStorage: { "the server": "x" } }, 'sharedStorage."the server"', "no such key", fields, "sharedStorage"],
  ])("%j is refused", (...[edit, key, value, allowed, removed]) => {
    const fix = `pulumi config rm ${removed ?? `--path ${key}`}`;
    expectFixed({ ...onSwarm, ...edit }, { key, value, allowed: expect.stringContaining(allowed) as string, fix });
  });

  test("Podman is refused, for a swarm is made of Docker engines", () => {
    const allowed = "engine, on Podman: a swarm is made of Docker engines";
    const fix = "pulumi config set target engine";
    expectRefused({ ...onSwarm, engine: "podman" }, ["target", "swarm", allowed, fix], { engine: engines.podman });
  });
});

test.each<[object, key: string, value: string, allowed: string, fix: string]>([
  [{ workers: "per-node" }, "workers", "per-node", "for a cluster on a swarm: an engine is one machine", "set workers 2"],
  [{ placement: { worker: "disk=ssd" } }, "placement", "a value", "for a cluster on a swarm", "rm placement"],
  [{ sharedStorage: { nfs: "a:/x" } }, "sharedStorage", "a value", "for a cluster on a swarm", "rm sharedStorage"],
])("%j is refused on one engine", (written, key, value, allowed, fix) => {
  const problem = { key, value, allowed: expect.stringContaining(allowed) as string, fix: `pulumi config ${fix}` };
  expectFixed({ ...written }, problem);
});

test("a value that is too long for a line is cut", () => {
  const [problem] = problemsOf(source({ workers: "9".repeat(200) }));
  expect(problem?.value).toMatch(/^"9+\.\.\."$/);
  expect(problem?.value.length).toBeLessThanOrEqual(60);
});

test("a value of sparkProperties is not shown even if nobody called it a secret", () => {
  expect(errorOf(source({ sparkProperties: { "spark.ssl.keyPassword": "hunter2" } }))?.message).not.toContain("hunter2");
});
