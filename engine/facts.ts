import { ask, inspectListed } from "./cli";
import { Engine } from "./engine";
import { labels } from "./labels";

/** What an engine has to give. */
export interface EngineSize {
  readonly cpus: number;
  /** What has as many, for a message; the engine, if not said. */
  readonly name?: string;
  /** In MiB. */
  readonly memory: number;
}

/** What is asked of an engine, once for each run of the program. */
export interface EngineFacts {
  readonly size: EngineSize;
  /** Its processor's architecture as images name it: `amd64`, `arm64` ... */
  readonly architecture: string;
  /** Whether it can hold containers to limits of memory and processors. */
  readonly limits: boolean;
  readonly publishedPorts: readonly PublishedPort[];
}

/** A port that a running container publishes. */
export interface PublishedPort {
  readonly port: number;
  /** The container's name. */
  readonly container: string;
  /** The stack that the container belongs to, if it is one of ours. */
  readonly stack: string | undefined;
}

interface DockerInfo {
  readonly NCPU: number;
  readonly MemTotal: number;
  readonly Architecture: string;
  readonly Plugins?: { readonly Log?: readonly string[] | null };
}

interface PodmanInfo {
  readonly host: {
    readonly cpus: number;
    readonly memTotal: number;
    readonly arch: string;
    readonly cgroupVersion: string;
    readonly security: { readonly rootless: boolean };
  };
}

interface Inspected {
  readonly Name: string;
  readonly Config: { readonly Labels: Readonly<Record<string, string>> | null };
  readonly NetworkSettings: { readonly Ports: Readonly<Record<string, readonly { readonly HostPort: string }[] | null>> | null };
}

/** An engine that answers, and is not of the kind that it is said to be. */
export class WrongEngine extends Error {}

/** Asks an engine what it has and which ports it publishes. @throws if it does not answer; {@link WrongEngine} if it is of the other kind. */
export function askEngine(engine: Engine): EngineFacts {
  const told = engine.kind === "podman" ? askPodman(engine) : askDocker(engine);
  const running = inspectListed(engine, ["ps", "--quiet"], ["inspect"]) as Inspected[];
  return { ...told, publishedPorts: running.flatMap(portsOf) };
}

function askDocker(engine: Engine): Omit<EngineFacts, "publishedPorts"> {
  const info = JSON.parse(ask(engine, "info", "--format", "{{json .}}")) as DockerInfo;
  if (info.Plugins?.Log?.includes("k8s-file") === true) {
    // Docker has no such log driver.
    throw new WrongEngine(`What answers at ${engine.host} is Podman. To use it: pulumi config set engine podman`);
  }
  const architecture = architectures[info.Architecture] ?? info.Architecture;
  return { size: sizeOf(info.NCPU, info.MemTotal), architecture, limits: true };
}

function askPodman(engine: Engine): Omit<EngineFacts, "publishedPorts"> {
  const { host } = JSON.parse(ask(engine, "info", "--format", "json")) as PodmanInfo;
  // The first version of cgroups is root's alone (podman-run(1), --memory).
  const limits = !host.security.rootless || host.cgroupVersion !== "v1";
  return { size: sizeOf(host.cpus, host.memTotal), architecture: host.arch, limits };
}

/** Docker tells the kernel's name of an architecture (uname -m); images go by Go's. */
const architectures: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64" };

/** The architecture of this machine, for when the engine does not tell its own. */
export function ownArchitecture(): string {
  return process.arch === "x64" ? "amd64" : process.arch;
}

function sizeOf(cpus: number, bytes: number): EngineSize {
  return { cpus, memory: Math.floor(bytes / 1024 / 1024) };
}

function portsOf(container: Inspected): PublishedPort[] {
  return Object.values(container.NetworkSettings.Ports ?? {})
    .flatMap((bindings) => bindings ?? [])
    .map((binding) => ({
      port: Number(binding.HostPort),
      container: container.Name.replace(/^\//, ""),
      stack: container.Config.Labels?.[labels.stack],
    }));
}
