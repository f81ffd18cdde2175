import childProcess from "node:child_process";

import { insideArguments } from "../../../engine/cli";
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

/** A machine of a swarm as its manager shows it. */
export interface FakeNode {
  readonly id: string;
  readonly hostname?: string;
  readonly cpus?: number;
  /** In bytes, as the manager says it. */
  readonly memory?: number;
  readonly labels?: Readonly<Record<string, string>> | null;
  readonly availability?: "active" | "pause" | "drain";
  readonly state?: "ready" | "down" | "unknown";
}

/** What a container of a service is made from, as far as tests tell one from another. */
interface FakeSpec {
  readonly image?: string;
  /** In bytes. */
  readonly memory?: number;
}

/** A service of a swarm, as far as the program looks. */
export interface FakeService extends FakeSpec {
  readonly id: string;
  readonly name: string;
  readonly updatedAt?: string;
  /** How many containers it is to have, 1 unless told; null for one on each node. */
  readonly replicas?: number | null;
  /** How its update goes; none unless told. */
  readonly update?: "updating" | "paused" | "completed";
}

/** A container of a service, as far as the program looks. */
export interface FakeTask extends FakeSpec {
  readonly id: string;
  /** The id of its service. */
  readonly service: string;
  readonly wanted?: string;
  readonly state?: string;
  readonly at?: string;
  readonly error?: string;
  /** With the bits of its network; null where it is on none. */
  readonly address?: string | null;
}

/** What a manager is to answer, asked anew for each command. */
export interface FakeSwarm {
  /** The id of the node that is asked. */
  readonly node?: string;
  /** Whether that node is a manager. */
  readonly manager?: boolean;
  readonly nodes?: readonly FakeNode[];
  readonly services?: () => readonly FakeService[];
  readonly tasks?: () => readonly FakeTask[];
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
  /** Docker alone is in one, and only if told. */
  readonly swarm?: FakeSwarm;
  /** `logs CONTAINER`, `service logs TASK`. */
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
    const command = begunByInput(words);
    commands.push(command);
    return command;
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

/** What stands around a command inside a container, which begins with its input, is left out. */
function begunByInput(words: readonly string[]): string[] {
  const around = insideArguments(words[2] ?? "");
  return around.every((word, index) => word === words[index])
    ? ["exec", words[2] ?? "", ...words.slice(around.length)]
    : [...words];
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
    case "node":
      return nodeAnswer(engine.swarm, args);
    case "service":
      return serviceAnswer(engine.swarm, args);
    case "inspect":
      if (args[0] === "--type") {
        return JSON.stringify(knownOf(engine.swarm?.tasks?.() ?? [], args.slice(2)).map(inspectedTask));
      }
      return JSON.stringify(containers.filter(({ id }) => args.includes(id)).map(inspected));
    case "exec":
      return engine.exec?.(container, program) ?? "";
    default:
      throw new Error(`the fake engine does not know ${String(command)}`);
  }
}

/** What `info` says, which is all that the clients say in forms of their own. */
function info(
  { kind = "docker", cpus = 8, memory = 64 * 1024 ** 3, architecture, rootlessOn, swarm }: FakeEngine,
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
  const Swarm = {
    NodeID: swarm?.node ?? swarm?.nodes?.[0]?.id ?? "",
    LocalNodeState: swarm === undefined ? "inactive" : "active",
    ControlAvailable: swarm !== undefined && swarm.manager !== false,
  };
  return { NCPU: cpus, MemTotal: memory, Architecture: architecture ?? "x86_64", Plugins: { Log: logs }, Swarm };
}

function nodeAnswer(swarm: FakeSwarm | undefined, [verb, ...args]: readonly string[]): string {
  const nodes = swarm?.nodes ?? [];
  return verb === "ls" ? nodes.map(({ id }) => `${id}\n`).join("") : JSON.stringify(knownOf(nodes, args).map(inspectedNode));
}

function serviceAnswer(swarm: FakeSwarm | undefined, [verb, ...args]: readonly string[]): string {
  const services = swarm?.services?.() ?? [];
  if (verb === "inspect") {
    return JSON.stringify(knownOf(services, args).map(inspectedService));
  }
  const asked = services.filter(({ name }) => args.includes(name)).map(({ id }) => id);
  return (swarm?.tasks?.() ?? [])
    .filter(({ service }) => asked.includes(service))
    .map(({ id }) => `${id}\n`)
    .join("");
}

/** Those of some ids, in their order. @throws for one that there is not, as the clients do. */
function knownOf<T extends { readonly id: string }>(all: readonly T[], ids: readonly string[]): T[] {
  return ids.map((id) => {
    const found = all.find((each) => each.id === id);
    if (found === undefined) {
      throw new Error(`Error: No such object: ${id}`);
    }
    return found;
  });
}

function inspectedNode({ id, hostname, cpus = 8, memory = 64 * 1024 ** 3, labels, availability, state }: FakeNode): unknown {
  return {
    ID: id,
    Spec: { Labels: labels === undefined ? {} : labels, Role: "manager", Availability: availability ?? "active" },
    Description: { Hostname: hostname ?? id, Resources: { NanoCPUs: cpus * 1e9, MemoryBytes: memory } },
    Status: { State: state ?? "ready" },
  };
}

function inspectedSpec({ image = "image", memory = 1024 }: FakeSpec): Readonly<Record<string, unknown>> {
  return { ContainerSpec: { Image: image }, Resources: { Limits: { MemoryBytes: memory } } };
}

function inspectedService(service: FakeService): unknown {
  const { id, name, updatedAt = "2026-01-01T00:00:00.123456789Z", replicas = 1, update } = service;
  return {
    ID: id,
    UpdatedAt: updatedAt,
    Spec: {
      Name: name,
      TaskTemplate: { ...inspectedSpec(service), ForceUpdate: 1 },
      Mode: replicas === null ? { Global: {} } : { Replicated: { Replicas: replicas } },
    },
    ...(update === undefined ? {} : { UpdateStatus: { State: update } }),
  };
}

function inspectedTask(task: FakeTask): unknown {
  const { id, service, wanted, state, at, error, address = "10.0.1.2/24" } = task;
  return {
    ID: id,
    ServiceID: service,
    Spec: { ...inspectedSpec(task), ForceUpdate: 0 },
    DesiredState: wanted ?? "running",
    Status: {
      State: state ?? "running",
      Timestamp: at ?? "2026-01-01T00:01:00.123456789Z",
      ...(error === undefined ? {} : { Err: error }),
    },
    ...(address === null ? {} : { NetworksAttachments: [{ Addresses: [address] }] }),
  };
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
