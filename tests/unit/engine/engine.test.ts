import { createHash } from "node:crypto";

import { certificatesFor, environmentFor } from "../../../engine/clientEnvironment";
import { EngineKind, findEngine, Surroundings } from "../../../engine/engine";

/** A machine of a user on which only these paths are, and only these files have a text. */
const machine = (
  uid: number,
  paths: readonly string[],
  env: Surroundings["env"] = {},
  files: Readonly<Record<string, string>> = {},
): Surroundings => ({ uid, env, exists: (path) => paths.includes(path), home: "/home/me", readText: (path) => files[path] });
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

describe("Docker's contexts", () => {
  const folder = "/home/me/.docker";
  const of = (env: Surroundings["env"], files: Readonly<Record<string, string>> = {}, configured?: string) =>
    findEngine("docker", configured, machine(0, everything, env, files)).host;
  const idOf = (name: string) => createHash("sha256").update(name).digest("hex");
  const meta = (name: string, host: string, config = folder) => ({
    [`${config}/contexts/meta/${idOf(name)}/meta.json`]: JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
  });
  const chosen = { [`${folder}/config.json`]: JSON.stringify({ currentContext: "server" }) };
  const server = meta("server", "ssh://server");

  test("are followed, as Docker's client does: DOCKER_CONTEXT before docker context use, and DOCKER_HOST before both", () => {
    const laptop = meta("laptop", "unix:///colima.sock");
    expect(of({}, { ...chosen, ...server })).toBe("ssh://server");
    expect(of({ DOCKER_CONTEXT: "laptop" }, { ...chosen, ...server, ...laptop })).toBe("unix:///colima.sock");
    expect(of({ DOCKER_CONTEXT: "laptop", DOCKER_HOST: "tcp://a:2375" }, { ...chosen, ...laptop })).toBe("tcp://a:2375");
    expect(of({ DOCKER_CONTEXT: "laptop" }, laptop, "ssh://stack")).toBe("ssh://stack");
  });

  test("lie in DOCKER_CONFIG, where that is set", () => {
    const env = { DOCKER_CONFIG: "/etc/own", DOCKER_CONTEXT: "server" };
    expect(of(env, meta("server", "ssh://own", "/etc/own"))).toBe("ssh://own");
  });

  test.each([
    ["the context default", { DOCKER_CONTEXT: "default" }, { ...chosen, ...server }],
    ["none", { DOCKER_CONTEXT: "" }, {}],
    ["a client's file that is no JSON", {}, { [`${folder}/config.json`]: "{" }],
  ])("leave the default socket with %s", (_, env, files) => {
    expect(of(env, files)).toBe(`unix://${system}`);
  });

  test("that do not exist, or have certificates, are refused with what to do", () => {
    expect(() => of({ DOCKER_CONTEXT: "gone" })).toThrow(/no Docker context gone\. docker context ls lists them/);
    const tls = { [`${folder}/contexts/tls/${idOf("server")}/docker/ca.pem`]: "-----BEGIN" };
    expect(() => of({}, { ...chosen, ...server, ...tls })).toThrow(
      /has certificates.*export DOCKER_HOST=ssh:\/\/server DOCKER_TLS_VERIFY=1/,
    );
  });

  test("are none of Podman's", () => {
    expect(findEngine("podman", undefined, machine(0, everything, {}, { ...chosen, ...server })).host).toBe(
      `unix://${podmanSystem}`,
    );
  });
});

test("CONTAINER_HOST is Podman's own, and says nothing to Docker", () => {
  const env = { CONTAINER_HOST: "unix:///mine.sock", DOCKER_HOST: "tcp://a:2375" };
  expect(findEngine("podman", undefined, machine(0, [], env)).host).toBe("unix:///mine.sock");
  expect(findEngine("docker", undefined, machine(0, [], env)).host).toBe("tcp://a:2375");
});

describe("a client of an engine", () => {
  const env = {
    PATH: "/bin",
    DOCKER_HOST: "tcp://other:1",
    DOCKER_CONTEXT: "other",
    DOCKER_API_VERSION: "1.10",
    DOCKER_DEFAULT_PLATFORM: "linux/s390x",
    CONTAINER_HOST: "unix:///other",
    DOCKER_CONFIG: "/etc/own",
    DOCKER_TLS_VERIFY: "1",
    DOCKER_CERT_PATH: "/certs",
  };

  test("is not directed elsewhere by the user's shell", () => {
    const engine = { kind: "docker", host: "unix:///a.sock" } as const;
    expect(environmentFor(engine, env)).toEqual({ PATH: "/bin", DOCKER_CONFIG: "/etc/own", DOCKER_HOST: "unix:///a.sock" });
    expect(certificatesFor(engine, env)).toBe("");
  });

  test("over TCP has the shell's certificates", () => {
    const engine = { kind: "docker", host: "tcp://a:2376" } as const;
    expect(environmentFor(engine, env)).toMatchObject({ DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/certs" });
    expect(certificatesFor(engine, env)).toBe("/certs");
    expect(certificatesFor(engine, { DOCKER_TLS_VERIFY: "1" })).toMatch(/\/\.docker$/);
    expect(certificatesFor(engine, { DOCKER_CERT_PATH: "/certs" })).toBe("");
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
