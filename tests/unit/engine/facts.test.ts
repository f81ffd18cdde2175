import childProcess from "node:child_process";
import { hostname } from "node:os";

import { Engine } from "../../../engine/engine";
import { askEngine, isOnThisMachine, ownArchitecture } from "../../../engine/facts";
import { UnusableEngine } from "../../../engine/unusableEngine";
import { FakeContainer, fakeEngine } from "../helpers/engine";

const docker: Engine = { kind: "docker", host: "unix:///socket" };
const podman: Engine = { kind: "podman", host: "unix:///socket" };

const delegating = (...cgroupControllers: string[]) => ({ cgroupControllers });

describe.each([docker, podman])("of $kind,", (engine) => {
  test("memory is told in whole mebibytes, rounded down; one without containers publishes nothing, and is not asked about none", () => {
    const calls = fakeEngine({ kind: engine.kind, cpus: 3, memory: 2048 * 1024 * 1024 - 1 });
    expect(askEngine(engine)).toMatchObject({ size: { cpus: 3, memory: 2047 }, publishedPorts: [] });
    expect(calls.commands.map(([command]) => command)).toEqual(["info", "ps"]);
  });

  test("a published port is told with its container and its stack", () => {
    const containers: FakeContainer[] = [
      { id: "1", name: "web", ports: { "80/tcp": [{ HostPort: "8080" }, { HostPort: "8080" }], "443/tcp": null } },
      {
        ...{
          id: "2",
          name: "spark-cluster-dev-master",
          labels: { "spark-cluster.stack": "dev", "spark-cluster.role": "master" },
        },
        ports: {
          "8080/tcp": [
            { HostPort: "8081", HostIp: "127.0.0.1" },
            { HostPort: "8081", HostIp: "" },
          ],
        },
      },
      { id: "3", name: "quiet", labels: {}, ports: null },
    ];
    fakeEngine({ kind: engine.kind, containers: () => containers });
    expect(askEngine(engine).publishedPorts).toEqual([
      { port: 8080, address: "0.0.0.0", container: "web", stack: undefined, role: undefined },
      { port: 8080, address: "0.0.0.0", container: "web", stack: undefined, role: undefined },
      { port: 8081, address: "127.0.0.1", container: "spark-cluster-dev-master", stack: "dev", role: "master" },
      { port: 8081, address: "0.0.0.0", container: "spark-cluster-dev-master", stack: "dev", role: "master" },
    ]);
  });
});

test.each([
  [docker, "x86_64", "amd64"],
  [docker, "aarch64", "arm64"],
  [docker, "riscv64", "riscv64"],
  [podman, "arm64", "arm64"],
])("$kind's processor %s is %s, as images name it", (engine, architecture, expected) => {
  fakeEngine({ kind: engine.kind, architecture });
  expect(askEngine(engine).architecture).toBe(expected);
});

test("Docker's client that finds a Podman says so, with where it is and what to do", () => {
  // The package podman-docker makes a client docker that prints what Podman's own does.
  for (const info of [{}, { host: {}, store: {}, Plugins: undefined, plugins: {} }]) {
    fakeEngine({ kind: "podman", info });
    expect(() => askEngine(docker)).toThrow(UnusableEngine);
  }
  expect(() => askEngine(docker)).toThrow(/unix:\/\/\/socket is Podman.*pulumi config set engine podman/);
});

test.each([
  ["3.4.4", {}, /^The engine at unix:\/\/\/socket is Podman 3\.4\.4, which is too old: install Podman 4\.3 or newer/],
  ["4.2.0-rhel", {}, /Podman 4\.2\.0-rhel, which is too old/],
  ["4.9.3", { networkBackend: "cni" }, /back-end cni.*apt-get install netavark aardvark-dns.*network_backend = "netavark"/],
])("a Podman %s that says %j cannot run a cluster, with what to install", (version, info, message) => {
  fakeEngine({ kind: "podman", version, info });
  expect(() => askEngine(podman)).toThrow(UnusableEngine);
  expect(() => askEngine(podman)).toThrow(message);
});

test.each([
  ["4.3.1", { networkBackend: "netavark" }, true],
  ["4.10.0", {}, true],
  ["4.10.0", { security: { rootless: true }, cgroupVersion: "v2" }, false],
  ["5.0.0-rc1", {}, false],
])("a Podman %s that says %j can, and containers are told to look for its bridges: %s", (version, info, bridgeMoves) => {
  fakeEngine({ kind: "podman", version, info });
  expect(askEngine(podman)).toMatchObject({ limits: true, bridgeMoves });
});

test("a Docker that does not tell its log drivers is taken for one", () => {
  for (const Plugins of [undefined, {}, { Log: null }]) {
    const info = JSON.stringify({ NCPU: 1, MemTotal: 1024 ** 2, Architecture: "x86_64", Plugins });
    jest.spyOn(childProcess, "execFileSync").mockReturnValueOnce(info).mockReturnValue("");
    expect(askEngine(docker).size).toEqual({ cpus: 1, memory: 1 });
  }
});

test.each([
  ["x64", "amd64"],
  ["arm64", "arm64"],
])("this machine's own processor, %s to Node.js, is %s to images", (arch, expected) => {
  const own = Object.getOwnPropertyDescriptor(process, "arch")!;
  Object.defineProperty(process, "arch", { ...own, value: arch });
  try {
    expect(ownArchitecture()).toBe(expected);
  } finally {
    Object.defineProperty(process, "arch", own);
  }
});

test.each([
  ["Docker", docker, {}, true],
  ["Podman of root, on the first version of cgroups", podman, { kind: "podman" }, true],
  ["Podman without root on the second", podman, { kind: "podman", rootlessOn: "v2" }, true],
  ["Podman without root on the first", podman, { kind: "podman", rootlessOn: "v1" }, false],
  [
    "Podman without root on the second that has the controllers",
    podman,
    { kind: "podman", rootlessOn: "v2", info: delegating("cpu", "memory") },
    true,
  ],
  [
    "Podman without root on the second without that of CPUs",
    podman,
    { kind: "podman", rootlessOn: "v2", info: delegating("memory", "pids") },
    false,
  ],
  [
    "Podman without root on the second without that of memory",
    podman,
    { kind: "podman", rootlessOn: "v2", info: delegating("cpu", "pids") },
    false,
  ],
  ["Podman of root without them", podman, { kind: "podman", info: delegating() }, true],
] as const)("%s can limit containers or not", (_what, engine, fake, limits) => {
  fakeEngine(fake);
  expect(askEngine(engine).limits).toBe(limits);
});

test.each([
  [docker, {}, "same"],
  [docker, { SecurityOptions: ["name=seccomp", "name=rootless"] }, "rootless"],
  [docker, { SecurityOptions: ["name=userns"] }, "remapped"],
  [docker, { Name: "docker-desktop", OperatingSystem: "Docker Desktop" }, "virtual"],
  [docker, { Name: "server" }, "elsewhere"],
  [podman, {}, "same"],
  [podman, { security: { rootless: true } }, "rootless"],
  [podman, { hostname: "server" }, "elsewhere"],
])("the users of $kind that says %j are %s", (engine, info, users) => {
  fakeEngine({ kind: engine.kind, info });
  const machine = "Name" in info ? info.Name : "hostname" in info ? info.hostname : hostname();
  expect(askEngine(engine)).toMatchObject({ users, machine });
  expect(isOnThisMachine(engine)).toBe(users !== "elsewhere");
  expect(isOnThisMachine({ ...engine, host: "ssh://me@server" })).toBe(false);
});

test("an engine that does not respond may be anywhere", () => {
  jest.spyOn(childProcess, "execFileSync").mockImplementation(() => {
    throw new Error("no answer");
  });
  expect(isOnThisMachine(docker)).toBe(false);
});
