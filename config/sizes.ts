import { EngineSize } from "../engine/facts";
import { Role } from "../engine/roles";
import { Sizes } from "./clusterConfig";
import { mostOfAnything } from "./schema";
import { formatMemory, largestMemory, Mebibytes } from "./memory";
import { Problem, setCommand } from "./problem";

/** A notebook may ask for a driver of this size whatever `driverMemory` says, as long as it is the only one. */
const largestCommonDriver: Mebibytes = 2048;

/** What a JVM takes beside its heap: Spark's own rule for containers, max(384m, 10 %) (`spark.executor.memoryOverhead`). */
function withOverhead(heap: Mebibytes): Mebibytes {
  return heap + Math.max(384, Math.ceil(heap / 10));
}

/** Executors of the configured size that fit on one worker, by cores and by memory. */
export function executorsPerWorker(sizes: Sizes): number {
  return Math.min(Math.floor(sizes.workerCores / sizes.executorCores), Math.floor(sizes.workerMemory / sizes.executorMemory));
}

/**
 * The limit of a worker's container. Standalone workers count heaps only, so that what executors take beside them has to be
 * added here, or the kernel ends an executor that kept to its heap.
 */
export function workerContainerMemory(sizes: Sizes): Mebibytes {
  const besideHeap = withOverhead(sizes.executorMemory) - sizes.executorMemory + sizes.pythonMemory;
  return sizes.daemonMemory + sizes.workerMemory + executorsPerWorker(sizes) * besideHeap + sizes.tmpMemory;
}

/** A driver with its Python. */
function driverWithPython(sizes: Sizes, heap = sizes.driverMemory): Mebibytes {
  return withOverhead(heap) + sizes.pythonMemory;
}

/** The limit of the IDE's container: its server and a driver for each session but Spark Connect's. */
export function ideContainerMemory(sizes: Sizes): Mebibytes {
  const notebooks = sizes.sessions - (sizes.sparkConnect ? 1 : 0);
  const drivers = Math.max(notebooks * driverWithPython(sizes), driverWithPython(sizes, largestCommonDriver));
  return sizes.ideMemory + drivers + sizes.tmpMemory;
}

/** The limit of the master's container. */
export function masterContainerMemory(sizes: Sizes): Mebibytes {
  return sizes.masterMemory + sizes.tmpMemory;
}

/** The limit of the history server's container; none where there is no such server. */
export function historyContainerMemory(sizes: Sizes): Mebibytes {
  return sizes.historyServer ? sizes.historyMemory + sizes.tmpMemory : 0;
}

/** The limit of the Spark Connect server's container, which is one driver; none where there is no such server. */
export function connectContainerMemory(sizes: Sizes): Mebibytes {
  return sizes.sparkConnect ? driverWithPython(sizes) + sizes.tmpMemory : 0;
}

/** The limit of the shared catalog's container; none where each session has a catalog of its own. */
export function catalogContainerMemory(sizes: Sizes): Mebibytes {
  return sizes.catalog === "shared" ? sizes.catalogMemory + sizes.tmpMemory : 0;
}

/** MiB: a proxy with some hundred connections takes a tenth of it. */
const gatewayMemory = 64;

/** The limit of the container that opens a swarm's ports. */
export function gatewayContainerMemory(sizes: Sizes): Mebibytes {
  return gatewayMemory + sizes.tmpMemory;
}

/** What the containers are called of which there is one. */
const singleNames = {
  jupyterlab: "JupyterLab",
  master: "the master",
  "history-server": "the history server",
  connect: "the Spark Connect server",
  catalog: "the catalog",
} satisfies Partial<Record<Role, string>>;

/** The roles that have one container. */
export type SingleRole = keyof typeof singleNames;

/** The limits of the containers of which there is one; none where there is none. */
export function singleContainers(sizes: Sizes): Readonly<Record<SingleRole, Mebibytes>> {
  return {
    jupyterlab: ideContainerMemory(sizes),
    master: masterContainerMemory(sizes),
    "history-server": historyContainerMemory(sizes),
    connect: connectContainerMemory(sizes),
    catalog: catalogContainerMemory(sizes),
  };
}

/** Those that there are, with what they are called. */
function namedSingles(sizes: Sizes): (readonly [what: string, memory: Mebibytes])[] {
  return (Object.entries(singleContainers(sizes)) as [SingleRole, Mebibytes][])
    .filter(([, memory]) => memory > 0)
    .map(([role, memory]) => [singleNames[role], memory]);
}

function sumOf(memories: readonly Mebibytes[]): Mebibytes {
  return memories.reduce((sum, each) => sum + each, 0);
}

/** What all containers of the cluster may take together. */
export function totalMemory(sizes: Sizes): Mebibytes {
  return sizes.workers * workerContainerMemory(sizes) + sumOf(Object.values(singleContainers(sizes)));
}

/** The cores that one session takes: an executor on every worker (`spark.cores.max`). */
export function coresPerSession(sizes: Sizes): number {
  return sizes.workers * sizes.executorCores;
}

/** Where the numbers contradict each other or the engine, each with the key to change and a value that fits. */
export function sizeProblems(sizes: Sizes, engine?: EngineSize): Problem[] {
  return [...sessionProblems(sizes, engine), ...(engine ? engineProblems(sizes, engine) : [])];
}

function sessionProblems(sizes: Sizes, engine?: EngineSize): Problem[] {
  const problems: Problem[] = [];
  const least = leastSessions(sizes);
  if (sizes.sessions < least) {
    problems.push({
      key: "sessions",
      value: String(sizes.sessions),
      allowed: `at least ${least}: the Spark Connect server is one of them, and notebooks would have none`,
      mend: setCommand("sessions", String(least)),
    });
  }
  const cores = sizes.executorCores * sizes.sessions;
  if (cores > sizes.workerCores) {
    problems.push({
      key: "executorCores",
      value: String(sizes.executorCores),
      allowed: `executorCores x sessions, ${sizes.executorCores} x ${sizes.sessions}, may be at most workerCores, ${sizes.workerCores}, or a notebook finds no executor on some worker`,
      mend: coresThatFit(sizes, engine),
    });
  }
  const memory = sizes.executorMemory * sizes.sessions;
  if (memory > sizes.workerMemory) {
    problems.push({
      key: "executorMemory",
      value: formatMemory(sizes.executorMemory),
      allowed: `executorMemory x sessions, ${formatMemory(sizes.executorMemory)} x ${sizes.sessions}, may be at most workerMemory, ${formatMemory(sizes.workerMemory)}, or a notebook finds no executor on some worker`,
      mend: memoryThatFits(sizes),
    });
  }
  return problems;
}

/** As many as there are things that want one at all times: a notebook, and Spark Connect's server where there is one. */
function leastSessions(sizes: Sizes): number {
  return sizes.sparkConnect ? 2 : 1;
}

/** More memory for the worker if there may be as much, else as few sessions as there can be, and executors of which it carries those. */
function memoryThatFits(sizes: Sizes): string {
  if (sizes.executorMemory * sizes.sessions <= largestMemory) {
    return setCommand("workerMemory", formatMemory(sizes.executorMemory * sizes.sessions));
  }
  const sessions = leastSessions(sizes);
  const executorMemory = Math.min(sizes.executorMemory, Math.floor(largestMemory / sessions));
  return [
    setCommand("sessions", String(sessions)),
    setCommand("executorMemory", formatMemory(executorMemory)),
    setCommand("workerMemory", formatMemory(executorMemory * sessions)),
  ].join(" && ");
}

/** More cores for the worker if the engine has them, else fewer sessions, else smaller executors. */
function coresThatFit(sizes: Sizes, engine?: EngineSize): string {
  const { executorCores, sessions, workerCores } = sizes;
  if (executorCores * sessions <= (engine?.cpus ?? mostOfAnything)) {
    return setCommand("workerCores", String(executorCores * sessions));
  }
  const fitting = Math.floor(workerCores / executorCores);
  if (fitting >= leastSessions(sizes)) {
    return setCommand("sessions", String(fitting));
  }
  return sessions <= workerCores
    ? setCommand("executorCores", String(Math.floor(workerCores / sessions)))
    : `${setCommand("executorCores", "1")} && ${setCommand("sessions", String(workerCores))}`;
}

function engineProblems(sizes: Sizes, engine: EngineSize): Problem[] {
  const problems: Problem[] = [];
  for (const key of ["workerCores", "ideCores", "daemonCores"] as const) {
    if (sizes[key] > engine.cpus) {
      problems.push({
        key,
        value: String(sizes[key]),
        allowed: `at most ${engine.name ?? "the engine"}'s ${engine.cpus} CPUs`,
        mend: setCommand(key, String(engine.cpus)),
      });
    }
  }
  const total = totalMemory(sizes);
  if (total > engine.memory) {
    problems.push({
      key: "workers",
      value: String(sizes.workers),
      allowed:
        `all containers together, ${formatMemory(total)}, may take at most the engine's ${formatMemory(engine.memory)} ` +
        `(${[["a worker", workerContainerMemory(sizes)] as const, ...namedSingles(sizes)]
          .map(([what, each]) => `${what} ${formatMemory(each)}`)
          .join(", ")})`,
      mend: commandThatFits(sizes, engine.memory),
    });
  }
  return problems;
}

/** Fewer workers if that is enough, else fewer sessions, else the smallest cluster there is. */
function commandThatFits(sizes: Sizes, memory: Mebibytes): string {
  const rest = memory - sumOf(Object.values(singleContainers(sizes)));
  const workers = Math.floor(rest / workerContainerMemory(sizes));
  if (workers >= 1) {
    return setCommand("workers", String(workers));
  }
  const sessions = leastSessions(sizes);
  const single = {
    ...sizes,
    workers: 1,
    sessions,
    workerMemory: sessions * sizes.executorMemory,
    workerCores: sessions * sizes.executorCores,
  };
  return totalMemory(single) <= memory
    ? [
        setCommand("workers", "1"),
        setCommand("sessions", String(sessions)),
        setCommand("workerMemory", formatMemory(single.workerMemory)),
        setCommand("workerCores", String(single.workerCores)),
      ].join(" && ")
    : `# give the engine at least ${formatMemory(totalMemory(single))} of memory, or set smaller memory keys`;
}
