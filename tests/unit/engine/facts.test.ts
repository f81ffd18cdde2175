import childProcess from "node:child_process";
import { hostname } from "node:os";

import { Engine } from "../../../engine/engine";
import { askEngine, ownArchitecture } from "../../../engine/facts";
import { UnusableEngine } from "../../../engine/unusableEngine";
import { FakeContainer, fakeEngine } from "../helpers/engine";

const docker: Engine = { kind: "docker", host: "unix:///socket" };
const podman: Engine = { kind: "podman", host: "unix:///socket" };

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
  fakeEngine({ kind: "podman" });
  expect(() => askEngine(docker)).toThrow(UnusableEngine);
  expect(() => askEngine(docker)).toThrow(/unix:\/\/\/socket is Podman.*pulumi config set engine podman/);
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
});
