import { EngineKind, findEngine, Surroundings } from "../../../engine/engine";
import { placeOf } from "../../../engine/place";

/** A machine of a user on which only these paths are. */
const machine = (uid: number, paths: readonly string[], env: Surroundings["env"] = {}): Surroundings => ({
  uid,
  env,
  exists: (path) => paths.includes(path),
});
const [rootless, system] = ["/run/user/1000/docker.sock", "/var/run/docker.sock"];
const [podmanRootless, podmanSystem] = ["/run/user/1000/podman/podman.sock", "/run/podman/podman.sock"];
const everything = [rootless, system, podmanRootless, podmanSystem];

describe.each(["docker", "podman"] as const)("for %s", (kind) => {
  test("the engine is the one that the stack names, else the shell's, whatever sockets there are", () => {
    const shell = { DOCKER_HOST: "tcp://shell:2375" };
    expect(findEngine(kind, "ssh://stack", machine(1000, everything, shell))).toEqual({ kind, host: "ssh://stack" });
    expect(findEngine(kind, undefined, machine(1000, everything, shell))).toEqual({ kind, host: "tcp://shell:2375" });
    expect(findEngine(kind, "", machine(1000, everything, shell)).host).toBe("tcp://shell:2375");
  });

  test("an empty DOCKER_HOST names none", () => {
    expect(findEngine(kind, undefined, machine(0, everything, { DOCKER_HOST: "" })).host).toMatch(/^unix:\/\/\/.*sock$/);
  });
});

test.each([
  ["docker", system],
  ["podman", podmanSystem],
] as const)("root has the system's %s, even where a rootless one listens or none does", (kind, expected) => {
  const ofRoot = kind === "docker" ? "/run/user/0/docker.sock" : "/run/user/0/podman/podman.sock";
  for (const paths of [[ofRoot, expected], [ofRoot], []]) {
    expect(findEngine(kind, undefined, machine(0, paths))).toEqual({ kind, host: `unix://${expected}` });
  }
});

test.each([
  ["docker", [rootless, system], rootless],
  ["docker", [rootless], rootless],
  ["docker", [system], system],
  ["docker", [], system],
  ["docker", [podmanRootless], system],
  ["podman", [podmanRootless, podmanSystem], podmanRootless],
  ["podman", [podmanRootless], podmanRootless],
  ["podman", [podmanSystem], podmanSystem],
  ["podman", [], podmanRootless],
  ["podman", [system], podmanRootless],
] as const)("another user's %s, where there are %j, is at %s", (kind, paths, expected) => {
  expect(findEngine(kind, undefined, machine(1000, paths))).toEqual({ kind, host: `unix://${expected}` });
});

test("a user's own sockets are where XDG_RUNTIME_DIR says, and in the folder that systemd makes where it is empty", () => {
  const found = (kind: EngineKind, paths: readonly string[], folder: string) =>
    findEngine(kind, undefined, machine(1000, paths, { XDG_RUNTIME_DIR: folder })).host;
  for (const folder of ["/tmp/mine", ""]) {
    const there = [`${folder}/docker.sock`, `${folder}/podman/podman.sock`, ...everything];
    const own = folder === "" ? "/run/user/1000" : folder;
    expect(found("docker", there, folder)).toBe(`unix://${own}/docker.sock`);
    expect(found("podman", there, folder)).toBe(`unix://${own}/podman/podman.sock`);
    expect(found("podman", folder === "" ? there.slice(0, 2) : [], folder)).toBe(`unix://${own}/podman/podman.sock`);
  }
});

test("without a word on the surroundings, they are this process's own", () => {
  expect(findEngine("docker", undefined).host).toMatch(/^\w+:\/\/./);
});

test("a stack lives on an engine, or on a swarm whose network is encrypted or not", () => {
  const engine = { kind: "docker", host: "ssh://server" } as const;
  expect(placeOf(engine)).toBe("ssh://server");
  expect(placeOf(engine, { encryptedNetwork: true })).toBe("ssh://server (a swarm with an encrypted network)");
  expect(placeOf(engine, { encryptedNetwork: false })).toBe("ssh://server (a swarm with a plain network)");
});
