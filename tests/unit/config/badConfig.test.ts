import { sparkVersions } from "../../../config/sparkVersions";
import { ConfigSource } from "../../../config/reader";
import { errorOf, mended, problemsOf, source, Written } from "../helpers/stackConfig";

type Case = [written: Record<string, Written>, key: string, value: string, allowed: string, mend: string];

const memory = (least: string) => `memory as Spark writes it, in whole numbers (512m, 2g), at least ${least}`;
const map = 'a map of settings, such as { "spark.sql.shuffle.partitions": 8 }';
const anAddress = "an address that begins with http:// or https://, special characters written as %xx, or nothing";
const mirror = "https://mirror.example.com/path";
const aWord = "letters, digits and . : , / * _ -, 200 at most";
const aRegistry = "a registry's host, with port and path if it has them, and nothing before it";
const team = "pulumi config set imageRegistry registry.example.com/team";
const aTag = "an image's tag: letters, digits and . _ -, 128 at most";
const aLine = "one line, 4096 characters at most";
const atLeastOne = "a whole number from 1 to 10000";
const port = "a whole number from 1 to 65535";
const atMost = "memory as Spark writes it, in whole numbers (512m, 2g), at most 16384g";
const anIp = "an IP address of the engine's machine, 127.0.0.1 to keep ports closed to others";
const newest = sparkVersions[0] ?? "";

const cases: Case[] = [
  [{ workers: "0" }, "workers", '"0"', atLeastOne, "pulumi config set workers 1"],
  [{ workers: "-1" }, "workers", '"-1"', atLeastOne, "pulumi config set workers 1"],
  [{ workers: "two" }, "workers", '"two"', atLeastOne, "pulumi config set workers 1"],
  [{ workers: "2.5" }, "workers", '"2.5"', atLeastOne, "pulumi config set workers 1"],
  [{ workers: "" }, "workers", '""', atLeastOne, "pulumi config set workers 1"],
  [{ workers: "1e3" }, "workers", '"1e3"', atLeastOne, "pulumi config set workers 1"],
  [{ workerCores: "0" }, "workerCores", '"0"', atLeastOne, "pulumi config set workerCores 1"],
  [{ executorCores: "0" }, "executorCores", '"0"', atLeastOne, "pulumi config set executorCores 1"],
  [{ sessions: "0" }, "sessions", '"0"', atLeastOne, "pulumi config set sessions 1"],
  [{ readyTimeout: "5" }, "readyTimeout", '"5"', "a whole number from 10 to 3600", "pulumi config set readyTimeout 10"],
  [{ readyTimeout: "4000" }, "readyTimeout", '"4000"', "a whole number from 10 to 3600", "pulumi config set readyTimeout 3600"],
  [{ workers: "10001" }, "workers", '"10001"', atLeastOne, "pulumi config set workers 10000"],
  [{ driverMemory: "16385g" }, "driverMemory", '"16385g"', atMost, "pulumi config set driverMemory 16384g"],
  [{ driverMemory: "16.5t" }, "driverMemory", '"16.5t"', atMost, "pulumi config set driverMemory 16384g"],
  [{ bindAddress: "fe80::1%eth0" }, "bindAddress", '"fe80::1%eth0"', anIp, "pulumi config set bindAddress 127.0.0.1"],
  [
    { sparkProperties: '{"spark.x":12345678901234567890}' },
    "sparkProperties",
    '"{\\"spark.x\\":12345678901234567890}"',
    "a map whose numbers of more than 15 digits stand in quotes",
    "pulumi config rm sparkProperties",
  ],
  [{ workerMemory: "449m" }, "workerMemory", '"449m"', memory("450m"), "pulumi config set workerMemory 450m"],
  [{ executorMemory: "449m" }, "executorMemory", '"449m"', memory("450m"), "pulumi config set executorMemory 450m"],
  [{ driverMemory: "1.5g" }, "driverMemory", '"1.5g"', memory("450m"), "pulumi config set driverMemory 1536m"],
  [{ driverMemory: "0.1g" }, "driverMemory", '"0.1g"', memory("450m"), "pulumi config set driverMemory 450m"],
  [{ driverMemory: "1024" }, "driverMemory", '"1024"', memory("450m"), "pulumi config set driverMemory 450m"],
  [{ pythonMemory: "1k" }, "pythonMemory", '"1k"', memory("256m"), "pulumi config set pythonMemory 256m"],
  [{ ideMemory: "255m" }, "ideMemory", '"255m"', memory("256m"), "pulumi config set ideMemory 256m"],
  [{ masterMemory: "383m" }, "masterMemory", '"383m"', memory("384m"), "pulumi config set masterMemory 384m"],
  [{ daemonMemory: "255m" }, "daemonMemory", '"255m"', memory("256m"), "pulumi config set daemonMemory 256m"],
  [{ tmpMemory: "63m" }, "tmpMemory", '"63m"', memory("64m"), "pulumi config set tmpMemory 64m"],
  [
    { sparkVersion: "2.4.0" },
    "sparkVersion",
    '"2.4.0"',
    `one of ${sparkVersions.join(", ")}`,
    `pulumi config set sparkVersion ${newest}`,
  ],
  [
    { baseImage: "Debian 12" },
    "baseImage",
    '"Debian 12"',
    "the name of a Debian 12 image, as docker pull takes it",
    "pulumi config set baseImage docker.io/library/debian:bookworm-slim",
  ],
  [{ rebuild: "$(reboot)" }, "rebuild", '"$(reboot)"', aWord, "pulumi config set rebuild 2026-01-31"],
  [{ noProxy: "a b" }, "noProxy", '"a b"', aWord, "pulumi config set noProxy 2026-01-31"],
  [{ tokenGeneration: "x'y" }, "tokenGeneration", '"x\'y"', aWord, "pulumi config set tokenGeneration 2026-01-31"],
  [{ secretGeneration: "x;y" }, "secretGeneration", '"x;y"', aWord, "pulumi config set secretGeneration 2026-01-31"],
  [{ caCertificates: "" }, "caCertificates", '""', "the path of a folder, auto or none", "pulumi config set caCertificates auto"],
  [
    { caCertificates: "/no/such/folder" },
    "caCertificates",
    '"/no/such/folder"',
    "a folder that is there, auto or none",
    "pulumi config set caCertificates auto",
  ],
  [{ engine: "Podman" }, "engine", '"Podman"', "one of docker, podman", "pulumi config set engine docker"],
  [{ engine: "" }, "engine", '""', "one of docker, podman", "pulumi config set engine docker"],
  [{ imageSource: "push" }, "imageSource", '"push"', "one of build, pull", "pulumi config set imageSource build"],
  [{ imageRegistry: "team" }, "imageRegistry", '"team"', aRegistry, team],
  [{ imageRegistry: "team/spark" }, "imageRegistry", '"team/spark"', aRegistry, team],
  [{ imageRegistry: "https://registry.example.com" }, "imageRegistry", '"https://registry.example.com"', aRegistry, team],
  [{ imageRegistry: "me@registry.example.com" }, "imageRegistry", '"me@registry.example.com"', aRegistry, team],
  [{ imageRegistry: "registry.example.com/" }, "imageRegistry", '"registry.example.com/"', aRegistry, team],
  [{ imageRegistry: "registry.example.com/Team" }, "imageRegistry", '"registry.example.com/Team"', aRegistry, team],
  [{ imageRegistry: "registry.example.com/x:tag" }, "imageRegistry", '"registry.example.com/x:tag"', aRegistry, team],
  [{ imageRegistry: "localhost:port" }, "imageRegistry", '"localhost:port"', aRegistry, team],
  [{ imageTag: ".1" }, "imageTag", '".1"', aTag, "pulumi config set imageTag v1"],
  [{ imageTag: "a/b" }, "imageTag", '"a/b"', aTag, "pulumi config set imageTag v1"],
  [{ registryUser: "me\n" }, "registryUser", '"me\\n"', aLine, "pulumi config rm registryUser"],
  [
    { imageSource: "pull" },
    "imageRegistry",
    "nothing",
    "the registry to pull from, as imageSource is pull",
    "pulumi config set imageSource build",
  ],
  [{ registryUser: "me" }, "registryPassword", "nothing", "a value beside registryUser", "pulumi config rm registryUser"],
  [{ pipIndexUrl: "pip.example.com" }, "pipIndexUrl", '"pip.example.com"', anAddress, `pulumi config set pipIndexUrl ${mirror}`],
  [{ aptMirror: "http://a b" }, "aptMirror", '"http://a b"', anAddress, `pulumi config set aptMirror ${mirror}`],
  [{ httpProxy: "http://p'; reboot" }, "httpProxy", '"http://p\'; reboot"', anAddress, `pulumi config set httpProxy ${mirror}`],
  [{ httpProxy: "ftp://proxy" }, "httpProxy", '"ftp://proxy"', anAddress, `pulumi config set httpProxy ${mirror}`],
  [{ httpProxy: "http://[" }, "httpProxy", '"http://["', anAddress, `pulumi config set httpProxy ${mirror}`],
  [
    { bindAddress: "localhost" },
    "bindAddress",
    '"localhost"',
    "an IP address of the engine's machine, 127.0.0.1 to keep ports closed to others",
    "pulumi config set bindAddress 127.0.0.1",
  ],
  [{ ports: "8888" }, "ports", '"8888"', map, "pulumi config rm ports"],
  [{ ports: { jupyterlab: 0 } }, "ports.jupyterlab", '"0"', port, "pulumi config set --path ports.jupyterlab 8888"],
  [{ ports: { sparkUi: 65536 } }, "ports.sparkUi", '"65536"', port, "pulumi config set --path ports.sparkUi 8080"],
  [
    { ports: { jupyter: 1 } },
    "ports.jupyter",
    "no such key",
    "the nearest is jupyterlab; pulumi config lists all",
    "pulumi config rm --path ports.jupyter",
  ],
  [
    { ports: { sparkUi: 8888 } },
    "ports.sparkUi",
    "8888",
    "a port of its own: ports.jupyterlab has the same",
    "pulumi config set --path ports.sparkUi 8889",
  ],
  [{ sparkProperties: "[1]" }, "sparkProperties", '"[1]"', map, "pulumi config rm sparkProperties"],
  [{ sparkProperties: "null" }, "sparkProperties", '"null"', map, "pulumi config rm sparkProperties"],
  [{ sparkProperties: "spark.x=1" }, "sparkProperties", '"spark.x=1"', map, "pulumi config rm sparkProperties"],
  [
    { sparkProperties: { "spark.x": { y: 1 } } },
    "sparkProperties",
    '"{\\"spark.x\\":{\\"y\\":1}}"',
    map,
    "pulumi config rm sparkProperties",
  ],
  [{ wokers: "2" }, "wokers", "no such key", "the nearest is workers; pulumi config lists all", "pulumi config rm wokers"],
  [
    { WorkerMemory: "2g" },
    "WorkerMemory",
    "no such key",
    "the nearest is workerMemory; pulumi config lists all",
    "pulumi config rm WorkerMemory",
  ],
  [{ constructor: "x" }, "constructor", "no such key", "pulumi config lists all", "pulumi config rm constructor"],
  [{ "bad key": "x" }, '"bad key"', "no such key", "pulumi config lists all", "pulumi config rm 'bad key'"],
  [
    { executorCores: "2" },
    "executorCores",
    "2",
    "executorCores x sessions, 2 x 2, may be at most workerCores, 2",
    "pulumi config set workerCores 4",
  ],
  [
    { executorMemory: "1g" },
    "executorMemory",
    "1g",
    "executorMemory x sessions, 1g x 2, may be at most workerMemory, 1g",
    "pulumi config set workerMemory 2g",
  ],
];

test.each(cases)("%j is refused", (written, key, value, allowed, mend) => {
  const problems = problemsOf(source(written));
  expect(problems).toEqual([{ key, value, allowed: expect.stringContaining(allowed) as string, mend }]);
  expect(problemsOf(source(mended(written, mend))).map((left) => left.key)).not.toContain(key);
});

test.each<[Record<string, Written>, Partial<ConfigSource>, string, string, string, string]>([
  [
    { workerCores: "16" },
    { size: { cpus: 4, memory: 65_536 } },
    "workerCores",
    "16",
    "at most the engine's 4 CPUs",
    "pulumi config set workerCores 4",
  ],
  [
    { workers: "100" },
    { size: { cpus: 4, memory: 16_384 } },
    "workers",
    "100",
    "may take at most the engine's 16g (a worker 3200m, JupyterLab 4480m, the master 640m, the history server 640m)",
    "pulumi config set workers 3",
  ],
  [
    { sessions: "8", workerMemory: "8g", workerCores: "8", driverMemory: "4g" },
    { size: { cpus: 8, memory: 16_384 } },
    "workers",
    "2",
    "may take at most the engine's 16g",
    "pulumi config set workers 1 && pulumi config set sessions 1 && pulumi config set workerMemory 512m && pulumi config set workerCores 1",
  ],
  [
    { executorCores: "3", workerCores: "4" },
    { size: { cpus: 4, memory: 65_536 } },
    "executorCores",
    "3",
    "executorCores x sessions, 3 x 2, may be at most workerCores, 4",
    "pulumi config set sessions 1",
  ],
  [
    { executorCores: "8", workerCores: "4" },
    { size: { cpus: 4, memory: 65_536 } },
    "executorCores",
    "8",
    "executorCores x sessions, 8 x 2, may be at most workerCores, 4",
    "pulumi config set executorCores 2",
  ],
])("%j is refused on an engine that has too little", (written, rest, key, value, allowed, mend) => {
  expect(problemsOf(source(written, rest))).toEqual([{ key, value, allowed: expect.stringContaining(allowed) as string, mend }]);
});

test("a value that is too long for a line is cut", () => {
  const [problem] = problemsOf(source({ workers: "9".repeat(200) }));
  expect(problem?.value).toMatch(/^"9+\.\.\."$/);
  expect(problem?.value.length).toBeLessThanOrEqual(60);
});

describe("a secret is not shown", () => {
  const secret = "hunter2";
  test.each<[key: string, written: Written]>([
    ["workers", secret],
    ["driverMemory", secret],
    ["registryPassword", `${secret}\n`],
    ["registryPassword", secret],
    ["pipIndexUrl", `ftp://me:${secret}@pip.example.com`],
    ["httpProxy", `http://me:${secret} @proxy`],
    ["caCertificates", `/no/such/${secret}`],
    ["ports", { jupyterlab: secret }],
    ["sparkProperties", { "spark.x": { password: secret } }],
    ["sparkProperties", { "spark.authenticate.secret": secret }],
    ["sparkProperties", { "spark.hadoop.key": `${secret}\n` }],
    ["unheardOf", secret],
  ])("of %s", (key, written) => {
    const error = errorOf(source({ [key]: written }, { isSecret: (name) => name === `spark-cluster:${key}` }));
    expect(error?.problems).toHaveLength(1);
    expect(error?.message).not.toContain(secret);
  });
});

test("a value of sparkProperties is not shown even if nobody called it a secret", () => {
  expect(errorOf(source({ sparkProperties: { "spark.ssl.keyPassword": "hunter2" } }))?.message).not.toContain("hunter2");
});

test.each(["it's", "a b", "$(reboot)", "a;b"])(
  "the command that removes a port called %j is one that a shell takes as it is meant",
  (name) => {
    const written = { ports: { [name]: 1 } };
    const [problem] = problemsOf(source(written));
    expect(problemsOf(source(mended(written, problem?.mend ?? "")))).toEqual([]);
  },
);
