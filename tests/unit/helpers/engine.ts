import childProcess from "node:child_process";
import { hostname } from "node:os";

import { insideArguments } from "../../../engine/cli";
import { EngineKind } from "../../../engine/engine";

/** A container as `inspect` shows it, as far as the program looks. */
export interface FakeContainer {
  readonly id: string;
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>> | null;
  readonly ports?: Readonly<Record<string, readonly { readonly HostPort: string; readonly HostIp?: string }[] | null>> | null;
  readonly status?: string;
  readonly exitCode?: number;
  readonly oomKilled?: boolean;
  readonly restarts?: number;
  readonly hostname?: string;
  readonly health?: string;
}

/** A machine of a swarm as its manager shows it, memory in bytes. */
export interface FakeNode {
  readonly id: string;
  readonly hostname?: string;
  readonly cpus?: number;
  readonly memory?: number;
  readonly labels?: Readonly<Record<string, string>> | null;
  readonly availability?: "active" | "pause" | "drain";
  readonly state?: "ready" | "down" | "unknown";
}

/** What a container of a service is made from, as far as tests tell one from another, memory in bytes. */
interface FakeSpec {
  readonly image?: string;
  readonly memory?: number;
}

/** A service of a swarm: how many containers it is to have, null for one on each node, and how its update goes. */
export interface FakeService extends FakeSpec {
  readonly id: string;
  readonly name: string;
  readonly updatedAt?: string;
  readonly replicas?: number | null;
  readonly update?: "updating" | "paused" | "completed";
  readonly role?: string;
}

/** A container of a service, given by its id; its address has the bits of its network, and is null where it is on none. */
export interface FakeTask extends FakeSpec {
  readonly id: string;
  readonly service: string;
  readonly wanted?: string;
  readonly state?: string;
  readonly at?: string;
  readonly error?: string;
  readonly address?: string | null;
}

/** What a manager is to answer, asked anew for each command: `node` is the id of the one that is asked. */
export interface FakeSwarm {
  readonly node?: string;
  readonly manager?: boolean;
  readonly nodes?: readonly FakeNode[];
  readonly services?: () => readonly FakeService[];
  readonly tasks?: () => readonly FakeTask[];
  /** Secret -> the service that uses it. */
  readonly secrets?: Readonly<Record<string, string | undefined>>;
}

/** A network, by its label of the stack and that of the home. */
export interface FakeNetwork {
  readonly id: string;
  readonly stack: string;
  readonly home: string;
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
  /** Of Podman. */
  readonly version?: string;
  /** More of what `info` says of the engine, or of its machine (Podman). */
  readonly info?: object;
  readonly containers?: () => readonly FakeContainer[];
  readonly networks?: readonly FakeNetwork[];
  /** `exec CONTAINER COMMAND`. */
  readonly exec?: (container: string, command: string) => string;
  /** Docker alone is in one, and only if told. */
  readonly swarm?: FakeSwarm;
  /** `logs CONTAINER`, `service logs TASK`. */
  readonly logs?: (container: string) => { stdout: string; stderr: string };
}

/** What stands between a client's name and the engine's host. */
export const namingWords: Readonly<Record<EngineKind, readonly string[]>> = { docker: ["--host"], podman: ["--remote", "--url"] };

/** Every call of an engine's client so far, without the words that name the engine, and the client and the host of each. */
export interface EngineCalls {
  readonly commands: readonly (readonly string[])[];
  readonly hosts: readonly string[];
  readonly programs: readonly string[];
}

/** Puts an engine behind the clients until the test is over. */
export function fakeEngine(engine: FakeEngine = {}): EngineCalls {
  const calls = { commands: [] as string[][], hosts: [] as string[], programs: [] as string[] };
  const note = (program: string, args: readonly string[]): string[] => {
    const naming = new Map<string, readonly string[]>(Object.entries(namingWords)).get(program);
    if (naming?.join(" ") !== args.slice(0, naming?.length).join(" ")) {
      throw new Error(`not a command for an engine: ${program} ${args.join(" ")}`);
    }
    const [host = "", ...words] = args.slice(naming.length);
    const command = begunByInput(words);
    calls.programs.push(program);
    calls.hosts.push(host);
    calls.commands.push(command);
    return command;
  };
  const exec = (program: string, args: readonly string[]): string => answer(engine, program, note(program, args));
  const spawn = (program: string, args: readonly string[]) => {
    const command = note(program, args);
    return engine.logs?.(command.at(-1) ?? "") ?? { stdout: "", stderr: "" };
  };
  jest.spyOn(childProcess, "execFileSync").mockImplementation(exec as unknown as typeof childProcess.execFileSync);
  jest.spyOn(childProcess, "spawnSync").mockImplementation(spawn as unknown as typeof childProcess.spawnSync);
  return calls;
}

/** What stands around a command inside a container, which begins with its input, is left out. */
function begunByInput(words: readonly string[]): string[] {
  const around = insideArguments(words[2] ?? "");
  const begins = around.every((word, index) => word === words[index]);
  return begins ? ["exec", words[2] ?? "", ...words.slice(around.length)] : [...words];
}

/** What a master says of its workers, all of which are there. */
export const alive = (...hosts: string[]) =>
  JSON.stringify({ status: "ALIVE", workers: hosts.map((host) => ({ host, state: "ALIVE" })), activeapps: [] });

/** No engine answers. */
export function deadEngine(message = "Cannot connect to the Docker daemon"): void {
  jest.spyOn(childProcess, "execFileSync").mockImplementation(() => {
    throw new Error(message);
  });
}

function answer(engine: FakeEngine, client: string, [command, ...args]: readonly string[]): string {
  const containers = engine.containers?.() ?? [];
  const { nodes = [], services = () => [], tasks = () => [] } = engine.swarm ?? {};
  const [verb = "", ...ids] = args;
  switch (command) {
    case "info":
      return JSON.stringify(info(engine, client, args));
    case "ps":
      return listed(containers);
    case "node":
      return verb === "ls" ? listed(nodes) : JSON.stringify(knownOf(nodes, ids).map(inspectedNode));
    case "service": {
      if (verb === "ls") {
        return listed(services());
      }
      const asked = services().filter(({ name }) => ids.includes(name));
      return verb === "inspect"
        ? JSON.stringify(knownOf(services(), ids).map(inspectedService))
        : listed(tasks().filter(({ service }) => asked.some(({ id }) => id === service)));
    }
    case "inspect":
      return verb === "--type"
        ? JSON.stringify(knownOf(tasks(), ids.slice(1)).map(inspectedTask))
        : JSON.stringify(containers.filter(({ id }) => args.includes(id)).map(inspected));
    case "network": {
      const [, key, value] = /^label=spark-cluster\.(stack|home)=(.*)$/.exec(args.at(-1) ?? "") ?? [];
      return verb === "ls" ? listed((engine.networks ?? []).filter((each) => each[key as "stack" | "home"] === value)) : "";
    }
    case "secret": {
      const secrets = engine.swarm?.secrets ?? {};
      const user = verb === "rm" ? secrets[ids[0] ?? ""] : undefined;
      if (user !== undefined) {
        throw new Error(`secret '${ids[0] ?? ""}' is in use by the following service: ${user}`);
      }
      return verb === "ls" ? listed(Object.keys(secrets).map((id) => ({ id }))) : "";
    }
    case "rm":
    case "unpause":
      return "";
    case "exec":
      return engine.exec?.(verb, ids[0] ?? "") ?? "";
    default:
      throw new Error(`the fake engine does not know ${String(command)}`);
  }
}

const listed = (all: readonly { readonly id: string }[]) => all.map(({ id }) => `${id}\n`).join("");

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

/** What `info` says, which is all that the clients say in forms of their own. */
function info(engine: FakeEngine, client: string, args: readonly string[]): unknown {
  const { kind = "docker", cpus = 8, memory = 64 * 1024 ** 3, architecture, rootlessOn, swarm } = engine;
  if (client === "podman") {
    if (kind !== "podman" || args.join(" ") !== "--format json") {
      throw new Error("unable to connect to Podman socket");
    }
    const machine = { cpus, memTotal: memory, arch: architecture ?? "amd64", cgroupVersion: rootlessOn ?? "v1" };
    const host = { ...machine, hostname: hostname(), security: { rootless: rootlessOn !== undefined }, ...engine.info };
    return { host, version: { Version: engine.version ?? "4.3.1" } };
  }
  const ofPodman = ["k8s-file", "none", "passthrough", "journald"];
  const Log = kind === "podman" ? ofPodman : ["awslogs", "journald", "json-file", "local"];
  const Swarm = {
    NodeID: swarm?.node ?? swarm?.nodes?.[0]?.id ?? "",
    LocalNodeState: swarm === undefined ? "inactive" : "active",
    ControlAvailable: swarm !== undefined && swarm.manager !== false,
  };
  const size = { NCPU: cpus, MemTotal: memory, Architecture: architecture ?? "x86_64" };
  return { Name: hostname(), ...size, Plugins: { Log }, Swarm, ...engine.info };
}

function inspectedNode({ id, hostname, cpus = 8, memory = 64 * 1024 ** 3, labels = {}, availability, state }: FakeNode): unknown {
  return {
    ID: id,
    Spec: { Labels: labels, Role: "manager", Availability: availability ?? "active" },
    Description: { Hostname: hostname ?? id, Resources: { NanoCPUs: cpus * 1e9, MemoryBytes: memory } },
    Status: { State: state ?? "ready" },
  };
}

const inspectedSpec = ({ image = "image", memory = 1024 }: FakeSpec) => ({
  ContainerSpec: { Image: image },
  Resources: { Limits: { MemoryBytes: memory } },
});

function inspectedService(service: FakeService): unknown {
  const { id, name, updatedAt = "2026-01-01T00:00:00.123456789Z", replicas = 1, update, role } = service;
  const Mode = replicas === null ? { Global: {} } : { Replicated: { Replicas: replicas } };
  return {
    ID: id,
    UpdatedAt: updatedAt,
    Spec: {
      Name: name,
      Labels: { "spark-cluster.role": role },
      TaskTemplate: { ...inspectedSpec(service), ForceUpdate: 1 },
      Mode,
    },
    ...(update === undefined ? {} : { UpdateStatus: { State: update } }),
  };
}

function inspectedTask(task: FakeTask): unknown {
  const { id, service, wanted, state, at = "2026-01-01T00:01:00.123456789Z", error, address = "10.0.1.2/24" } = task;
  return {
    ID: id,
    ServiceID: service,
    Spec: { ...inspectedSpec(task), ForceUpdate: 0 },
    DesiredState: wanted ?? "running",
    Status: { State: state ?? "running", Timestamp: at, Err: error }, // left out where it is undefined
    ...(address === null ? {} : { NetworksAttachments: [{ Addresses: [address] }] }),
  };
}

function inspected({ id, name = id, labels = null, ports = null, ...state }: FakeContainer): unknown {
  const { restarts = 0, status = "running", exitCode = 0, oomKilled = false, hostname: host = name, health } = state;
  return {
    ...{
      Id: id,
      Name: `/${name}`,
      Config: { Labels: labels, Hostname: host },
      NetworkSettings: { Ports: ports },
      RestartCount: restarts,
    },
    State: {
      Status: status,
      ExitCode: exitCode,
      OOMKilled: oomKilled,
      ...(health === undefined ? {} : { Health: { Status: health } }),
    },
  };
}
