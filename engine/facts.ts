import { docker } from "./cli";

/** What an engine has to give. */
export interface EngineSize {
  readonly cpus: number;
  /** In MiB. */
  readonly memory: number;
}

/** What is asked of an engine, once for each run of the program. */
export interface EngineFacts {
  readonly size: EngineSize;
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

interface Inspected {
  readonly Name: string;
  readonly Config: { readonly Labels: Readonly<Record<string, string>> | null };
  readonly NetworkSettings: { readonly Ports: Readonly<Record<string, readonly { readonly HostPort: string }[] | null>> | null };
}

/** Asks an engine what it has and which ports it publishes. @throws if it does not answer. */
export function askEngine(host: string): EngineFacts {
  const info = JSON.parse(docker(host, "info", "--format", "{{json .}}")) as { NCPU: number; MemTotal: number };
  const running = docker(host, "ps", "--quiet").split("\n").filter(Boolean);
  const inspected = running.length === 0 ? [] : (JSON.parse(docker(host, "inspect", ...running)) as Inspected[]);
  return {
    size: { cpus: info.NCPU, memory: Math.floor(info.MemTotal / 1024 / 1024) },
    publishedPorts: inspected.flatMap(portsOf),
  };
}

function portsOf(container: Inspected): PublishedPort[] {
  return Object.values(container.NetworkSettings.Ports ?? {})
    .flatMap((bindings) => bindings ?? [])
    .map((binding) => ({
      port: Number(binding.HostPort),
      container: container.Name.replace(/^\//, ""),
      stack: container.Config.Labels?.["spark-cluster.stack"],
    }));
}
