import childProcess from "node:child_process";

import { Engine, EngineKind } from "../../../engine/engine";

/** An engine of each kind. */
export const engines: Readonly<Record<EngineKind, Engine>> = {
  docker: { kind: "docker", host: "unix:///var/run/docker.sock" },
  podman: { kind: "podman", host: "unix:///run/podman/podman.sock" },
};

/** A container as `inspect` shows it, as far as the program looks. */
export interface FakeContainer {
  readonly id: string;
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>> | null;
  readonly ports?: Readonly<Record<string, readonly { readonly HostPort: string }[] | null>> | null;
  readonly status?: string;
  readonly exitCode?: number;
  readonly oomKilled?: boolean;
  readonly restarts?: number;
}

/** What the fake client is to answer, asked anew for each command. Throwing is a command that fails. */
export interface FakeEngine {
  /** What it is, `docker` unless told; Docker's client talks to a Podman too, and Podman's to no Docker. */
  readonly kind?: EngineKind;
  readonly cpus?: number;
  /** In bytes, as the engine says it. */
  readonly memory?: number;
  /** Of its processor, as the engine says it. */
  readonly architecture?: string;
  /** Podman without root, on this version of cgroups. */
  readonly rootlessOn?: "v1" | "v2";
  readonly containers?: () => readonly FakeContainer[];
  /** `exec CONTAINER COMMAND`. */
  readonly exec?: (container: string, command: string) => string;
  /** `logs CONTAINER`. */
  readonly logs?: (container: string) => { stdout: string; stderr: string };
}

/** What stands between a client's name and the engine's host. */
export const namingWords: Readonly<Record<EngineKind, readonly string[]>> = { docker: ["--host"], podman: ["--remote", "--url"] };

/** Every call of an engine's client so far, without the words that name the engine. */
export interface EngineCalls {
  readonly commands: readonly (readonly string[])[];
  readonly hosts: readonly string[];
  /** The clients, one for each call. */
  readonly programs: readonly string[];
}

/** Puts an engine behind the clients until the test is over. */
export function fakeEngine(engine: FakeEngine = {}): EngineCalls {
  const commands: string[][] = [];
  const hosts: string[] = [];
  const programs: string[] = [];
  const note = (program: string, args: readonly string[]): string[] => {
    const naming = new Map<string, readonly string[]>(Object.entries(namingWords)).get(program);
    if (naming?.join(" ") !== args.slice(0, naming?.length).join(" ")) {
      throw new Error(`not a command for an engine: ${program} ${args.join(" ")}`);
    }
    const [host = "", ...words] = args.slice(naming.length);
    programs.push(program);
    hosts.push(host);
    commands.push(words);
    return words;
  };
  const exec = (program: string, args: readonly string[]): string => answer(engine, program, note(program, args));
  const spawn = (program: string, args: readonly string[]) => {
    const command = note(program, args);
    return engine.logs?.(command.at(-1) ?? "") ?? { stdout: "", stderr: "" };
  };
  jest.spyOn(childProcess, "execFileSync").mockImplementation(exec as unknown as typeof childProcess.execFileSync);
  jest.spyOn(childProcess, "spawnSync").mockImplementation(spawn as unknown as typeof childProcess.spawnSync);
  return { commands, hosts, programs };
}

/** No engine answers. */
export function deadEngine(message = "Cannot connect to the Docker daemon"): void {
  jest.spyOn(childProcess, "execFileSync").mockImplementation(() => {
    throw new Error(message);
  });
}

function answer(engine: FakeEngine, client: string, [command, ...args]: readonly string[]): string {
  const containers = engine.containers?.() ?? [];
  const [container = "", program = ""] = args;
  switch (command) {
    case "info":
      return JSON.stringify(info(engine, client, args));
    case "ps":
      return containers.map((container) => `${container.id}\n`).join("");
    case "inspect":
      return JSON.stringify(containers.filter(({ id }) => args.includes(id)).map(inspected));
    case "exec":
      return engine.exec?.(container, program) ?? "";
    default:
      throw new Error(`the fake engine does not know ${String(command)}`);
  }
}

/** What `info` says, which is all that the clients say in forms of their own. */
function info(
  { kind = "docker", cpus = 8, memory = 64 * 1024 ** 3, architecture, rootlessOn }: FakeEngine,
  client: string,
  args: readonly string[],
): unknown {
  if (client === "podman") {
    if (kind !== "podman" || args.join(" ") !== "--format json") {
      throw new Error("unable to connect to Podman socket");
    }
    const security = { rootless: rootlessOn !== undefined };
    return {
      host: { cpus, memTotal: memory, arch: architecture ?? "amd64", cgroupVersion: rootlessOn ?? "v1", security },
    };
  }
  const logs =
    kind === "podman" ? ["k8s-file", "none", "passthrough", "journald"] : ["awslogs", "journald", "json-file", "local"];
  return { NCPU: cpus, MemTotal: memory, Architecture: architecture ?? "x86_64", Plugins: { Log: logs } };
}

function inspected(container: FakeContainer): unknown {
  return {
    Id: container.id,
    Name: `/${container.name ?? container.id}`,
    Config: { Labels: container.labels ?? null },
    NetworkSettings: { Ports: container.ports ?? null },
    RestartCount: container.restarts ?? 0,
    State: { Status: container.status ?? "running", ExitCode: container.exitCode ?? 0, OOMKilled: container.oomKilled ?? false },
  };
}
