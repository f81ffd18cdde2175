import childProcess from "node:child_process";

/** A container as `docker inspect` shows it, as far as the program looks. */
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
  readonly cpus?: number;
  /** In bytes, as the engine says it. */
  readonly memory?: number;
  readonly containers?: () => readonly FakeContainer[];
  /** `docker exec CONTAINER COMMAND`. */
  readonly exec?: (container: string, command: string) => string;
  /** `docker logs CONTAINER`. */
  readonly logs?: (container: string) => { stdout: string; stderr: string };
}

/** Every call of the docker client so far, without `--host`. */
export interface DockerCalls {
  readonly commands: readonly (readonly string[])[];
  readonly hosts: readonly string[];
}

/** Puts an engine behind the docker client until the test is over. */
export function fakeEngine(engine: FakeEngine = {}): DockerCalls {
  const commands: string[][] = [];
  const hosts: string[] = [];
  const note = (program: string, args: readonly string[]): string[] => {
    const [flag, host = "", ...command] = args;
    if (program !== "docker" || flag !== "--host") {
      throw new Error(`not a command for an engine: ${program} ${args.join(" ")}`);
    }
    hosts.push(host);
    commands.push(command);
    return command;
  };
  const exec = (program: string, args: readonly string[]): string => answer(engine, note(program, args));
  const spawn = (program: string, args: readonly string[]) => {
    const command = note(program, args);
    return engine.logs?.(command.at(-1) ?? "") ?? { stdout: "", stderr: "" };
  };
  jest.spyOn(childProcess, "execFileSync").mockImplementation(exec as unknown as typeof childProcess.execFileSync);
  jest.spyOn(childProcess, "spawnSync").mockImplementation(spawn as unknown as typeof childProcess.spawnSync);
  return { commands, hosts };
}

/** No engine answers. */
export function deadEngine(message = "Cannot connect to the Docker daemon"): void {
  jest.spyOn(childProcess, "execFileSync").mockImplementation(() => {
    throw new Error(message);
  });
}

function answer(engine: FakeEngine, [command, ...args]: readonly string[]): string {
  const containers = engine.containers?.() ?? [];
  const [container = "", program = ""] = args;
  switch (command) {
    case "info":
      return JSON.stringify({ NCPU: engine.cpus ?? 8, MemTotal: engine.memory ?? 64 * 1024 ** 3 });
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
