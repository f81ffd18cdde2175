import { hostname } from "node:os";

import { allInterfaces } from "./addresses";
import { ask, inspectListed } from "./cli";
import { Engine } from "./engine";
import { labels } from "./labels";
import { tried } from "./tried";
import { UnusableEngine } from "./unusableEngine";

/** The CPUs and memory of an engine. */
export interface EngineSize {
  readonly cpus: number;
  /** In MiB. */
  readonly memory: number;
}

/** Facts about an engine, queried once in each run of the program. */
export interface EngineFacts {
  readonly size: EngineSize;
  /** The host name of its machine, or of the virtual machine that it runs in. */
  readonly machine: string;
  /** Its architecture as images name it: `amd64`, `arm64` ... */
  readonly architecture: string;
  /** Whether it can limit the memory and CPUs of containers. */
  readonly limits: boolean;
  /**
   * Whether the bridge of a network may get another hardware address when a container starts or ends, so that the others lose it, and
   * containers take the settings that help. Podman before 5 may have a netavark without
   * https://github.com/containers/netavark/pull/833. False for Podman without root, where these settings may stop a container's start.
   */
  readonly bridgeMoves: boolean;
  /**
   * Whose files its containers see in a folder of this machine: `same` if users have the same ids inside, `rootless` or `remapped` if
   * they have others, `virtual` if each file is the container's own (Docker Desktop), `elsewhere` if the engine is on another machine.
   */
  readonly users: "same" | "rootless" | "remapped" | "virtual" | "elsewhere";
  readonly publishedPorts: readonly PublishedPort[];
  /** The stacks with running containers, each with whether these have a mapping of users. */
  readonly mapped: ReadonlyMap<string, boolean>;
}

/** A port that a running container publishes. */
export interface PublishedPort {
  readonly port: number;
  /** The address of the engine's machine that it is published on. */
  readonly address: string;
  /** The container's name. */
  readonly container: string;
  /** The stack that the container belongs to; undefined for a container of no stack. */
  readonly stack: string | undefined;
  /** The container's role in that stack. */
  readonly role: string | undefined;
}

interface DockerInfo {
  /** Only Podman's own client has it, which also runs as `docker` (podman-docker). */
  readonly host?: unknown;
  readonly NCPU: number;
  readonly MemTotal: number;
  readonly Architecture: string;
  readonly Plugins?: { readonly Log?: readonly string[] | null };
  /** The host name of its machine. */
  readonly Name: string;
  readonly OperatingSystem?: string;
  readonly SecurityOptions?: readonly string[] | null;
}

interface PodmanInfo {
  readonly host: {
    readonly cpus: number;
    readonly memTotal: number;
    readonly arch: string;
    readonly hostname: string;
    readonly cgroupVersion: string;
    /** Those that the user's containers can use. */
    readonly cgroupControllers?: readonly string[] | null;
    readonly networkBackend?: string;
    readonly security: { readonly rootless: boolean };
  };
  readonly version: { readonly Version: string };
}

interface Binding {
  readonly HostPort: string;
  /** Podman may leave it empty, for all addresses. */
  readonly HostIp?: string;
}

interface Inspected {
  readonly Name: string;
  readonly Config: { readonly Labels: Readonly<Record<string, string>> | null };
  readonly NetworkSettings: { readonly Ports: Readonly<Record<string, readonly Binding[] | null>> | null };
}

/**
 * Queries the facts of an engine.
 *
 * @throws {UnusableEngine} if it is of the other kind; an Error if it does not respond.
 */
export function askEngine(engine: Engine): EngineFacts {
  const facts = askMachine(engine);
  const running = inspectListed(engine, ["ps", "--quiet"], ["inspect"]) as Inspected[];
  return { ...facts, publishedPorts: running.flatMap(portsOf), mapped: new Map(running.flatMap(mappingOf)) };
}

/** The facts of an engine that do not depend on its containers. */
type MachineFacts = Omit<EngineFacts, "publishedPorts" | "mapped">;

/** Queries these facts alone. @throws as {@link askEngine}. */
export function askMachine(engine: Engine): MachineFacts {
  return engine.kind === "podman" ? askPodman(engine) : askDocker(engine);
}

/** Whether an engine is on this machine, and not behind a forwarded socket. False if it does not respond. */
export function isOnThisMachine(engine: Engine): boolean {
  return engine.host.startsWith("unix://") && (tried(() => askMachine(engine).users) ?? "elsewhere") !== "elsewhere";
}

function askDocker(engine: Engine): MachineFacts {
  const info = JSON.parse(ask(engine, "info", "--format", "{{json .}}")) as DockerInfo;
  // Only Podman has this log driver.
  if (info.host !== undefined || info.Plugins?.Log?.includes("k8s-file") === true) {
    throw new UnusableEngine(`The engine at ${engine.host} is Podman. To use it: pulumi config set engine podman`);
  }
  const architecture = architectures[info.Architecture] ?? info.Architecture;
  const size = sizeOf(info.NCPU, info.MemTotal);
  return { size, machine: info.Name, architecture, limits: true, bridgeMoves: false, users: usersOfDocker(info) };
}

function usersOfDocker({ Name, OperatingSystem, SecurityOptions }: DockerInfo): EngineFacts["users"] {
  if (OperatingSystem === "Docker Desktop") {
    return "virtual";
  }
  if (Name !== hostname()) {
    return "elsewhere";
  }
  const options = SecurityOptions ?? [];
  return options.includes("name=rootless") ? "rootless" : options.includes("name=userns") ? "remapped" : "same";
}

function askPodman(engine: Engine): MachineFacts {
  const { host, version } = JSON.parse(ask(engine, "info", "--format", "json")) as PodmanInfo;
  failIfTooOld(engine, version.Version);
  failIfNamesDoNotResolve(engine, host.networkBackend);
  const limits = !host.security.rootless || canLimitWithoutRoot(host);
  const users = host.hostname !== hostname() ? "elsewhere" : host.security.rootless ? "rootless" : "same";
  const bridgeMoves = releaseOf(version.Version).major < 5 && !host.security.rootless;
  return { size: sizeOf(host.cpus, host.memTotal), machine: host.hostname, architecture: host.arch, limits, bridgeMoves, users };
}

/** Only root can set limits with cgroups version 1 (podman-run(1), --memory). With version 2, systemd delegates the controllers. */
function canLimitWithoutRoot({ cgroupVersion, cgroupControllers: delegated }: PodmanInfo["host"]): boolean {
  return cgroupVersion !== "v1" && ["cpu", "memory"].every((controller) => delegated?.includes(controller) ?? true);
}

function releaseOf(version: string): { major: number; minor: number } {
  const [major = 0, minor = 0] = version.split(".").map((part) => parseInt(part, 10));
  return { major, minor };
}

function failIfTooOld({ host }: Engine, version: string): void {
  const { major, minor } = releaseOf(version);
  if (major < 4 || (major === 4 && minor < 3)) {
    throw new UnusableEngine(
      `The engine at ${host} is Podman ${version}, which is too old: install Podman 4.3 or newer, as Debian 12 and Ubuntu 24.04 have it`,
    );
  }
}

function failIfNamesDoNotResolve({ host }: Engine, backend = "netavark"): void {
  if (backend !== "netavark") {
    throw new UnusableEngine(
      `The Podman at ${host} has the network back-end ${backend}, with which containers do not find each other by their names: ` +
        `install netavark and aardvark-dns (sudo apt-get install netavark aardvark-dns), stop its containers, and set ` +
        `network_backend = "netavark" below [network] in /etc/containers/containers.conf`,
    );
  }
}

/** Docker reports the kernel's name of an architecture (uname -m); images use Go's name. */
const architectures: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64" };

/** The architecture of this machine, used if the engine does not respond. */
export function ownArchitecture(): string {
  return process.arch === "x64" ? "amd64" : process.arch;
}

/** A size from CPUs and bytes. */
export function sizeOf(cpus: number, bytes: number): EngineSize {
  return { cpus, memory: Math.floor(bytes / 1024 / 1024) };
}

function portsOf(container: Inspected): PublishedPort[] {
  return Object.values(container.NetworkSettings.Ports ?? {})
    .flatMap((bindings) => bindings ?? [])
    .map((binding) => ({
      port: Number(binding.HostPort),
      address: binding.HostIp === undefined || binding.HostIp === "" ? allInterfaces : binding.HostIp,
      container: container.Name.replace(/^\//, ""),
      stack: container.Config.Labels?.[labels.stack],
      role: container.Config.Labels?.[labels.role],
    }));
}

function mappingOf({ Config: { Labels } }: Inspected): [string, boolean][] {
  const stack = Labels?.[labels.role] === undefined ? undefined : Labels[labels.stack]; // no helper that fills a volume
  return stack === undefined ? [] : [[stack, Labels?.[labels.userns] !== undefined]];
}
