import { EngineSize } from "../engine/facts";
import { roles, rolesOf } from "../roles";
import { Role } from "../roles/role";
import { Sizes } from "./clusterConfig";
import { CoreKey, coreKeys, mostOfAnything } from "./schema";
import { formatMemory, largestMemory, Mebibytes } from "./memory";
import { Fix, Problem, set } from "./problem";

/** The roles that are on and have a single container, each with its memory limit, without a swarm's gateway. */
export function singleContainers(sizes: Sizes): readonly (readonly [role: Role, memory: Mebibytes])[] {
  return rolesOf({ sizes }).flatMap((role) => (role.name === "worker" ? [] : [[role, role.memory(sizes)] as const]));
}

function sumOf(memories: readonly Mebibytes[]): Mebibytes {
  return memories.reduce((sum, each) => sum + each, 0);
}

/** The sum of all containers' memory limits. */
export function totalMemory(sizes: Sizes): Mebibytes {
  return sizes.workers * roles.worker.memory(sizes) + sumOf(singleContainers(sizes).map(([, memory]) => memory));
}

/** The most CPUs that a key may set, and the same in words. */
export interface CoreLimit {
  readonly cpus: number;
  readonly words: string;
}

/** The limit of each key; undefined if there is none. */
export type CoreLimits = (key: CoreKey) => CoreLimit | undefined;

/** The contradictions between sizes, or between sizes and the engine, each with the key to change and a value that fits. */
export function sizeProblems(sizes: Sizes, engine?: EngineSize): Problem[] {
  const limits = () => engine && { cpus: engine.cpus, words: `the engine's ${engine.cpus} CPUs` };
  return [...coreProblems(sizes, limits), ...(engine ? memoryProblems(sizes, engine) : [])];
}

/** The contradictions between sizes, or between cores and their limits. */
export function coreProblems(sizes: Sizes, limits: CoreLimits): Problem[] {
  const tooMany = coreKeys.flatMap((key) => {
    const limit = limits(key);
    return limit === undefined || sizes[key] <= limit.cpus
      ? []
      : [{ key, value: String(sizes[key]), allowed: `at most ${limit.words}`, fix: [set(key, String(limit.cpus))] }];
  });
  return [...sessionProblems(sizes, limits("workerCores")?.cpus), ...tooMany];
}

function sessionProblems(sizes: Sizes, mostCores?: number): Problem[] {
  const problems: Problem[] = [];
  const least = leastSessions(sizes);
  if (sizes.sessions < least) {
    problems.push({
      key: "sessions",
      value: String(sizes.sessions),
      allowed: `at least ${least}: Spark Connect uses one session, leaving none for notebooks`,
      fix: [set("sessions", String(least))],
    });
  }
  const cores = sizes.executorCores * sizes.sessions;
  if (cores > sizes.workerCores) {
    problems.push({
      key: "executorCores",
      value: String(sizes.executorCores),
      allowed:
        `executorCores x sessions, ${sizes.executorCores} x ${sizes.sessions}, may be at most workerCores, ${sizes.workerCores}, ` +
        `or some worker has no executor for a notebook`,
      fix: coresThatFit(sizes, mostCores),
    });
  }
  const memory = sizes.executorMemory * sizes.sessions;
  if (memory > sizes.workerMemory) {
    problems.push({
      key: "executorMemory",
      value: formatMemory(sizes.executorMemory),
      allowed:
        `executorMemory x sessions, ${formatMemory(sizes.executorMemory)} x ${sizes.sessions}, may be at most workerMemory, ` +
        `${formatMemory(sizes.workerMemory)}, or some worker has no executor for a notebook`,
      fix: memoryThatFits(sizes),
    });
  }
  return problems;
}

/** Minimum sessions: one for a notebook, and one for the Spark Connect server if it is on. */
function leastSessions(sizes: Sizes): number {
  return sizes.sparkConnect ? 2 : 1;
}

/** More memory for the worker, up to `largestMemory`; otherwise the fewest sessions and, if necessary, smaller executors. */
function memoryThatFits(sizes: Sizes): Fix {
  if (sizes.executorMemory * sizes.sessions <= largestMemory) {
    return [set("workerMemory", formatMemory(sizes.executorMemory * sizes.sessions))];
  }
  const sessions = leastSessions(sizes);
  const executorMemory = Math.min(sizes.executorMemory, Math.floor(largestMemory / sessions));
  return [
    set("sessions", String(sessions)),
    set("executorMemory", formatMemory(executorMemory)),
    set("workerMemory", formatMemory(executorMemory * sessions)),
  ];
}

/** More cores for the worker if there are as many, otherwise fewer sessions, otherwise smaller executors. */
function coresThatFit(sizes: Sizes, most = mostOfAnything): Fix {
  const { executorCores, sessions, workerCores } = sizes;
  if (executorCores * sessions <= most) {
    return [set("workerCores", String(executorCores * sessions))];
  }
  const fitting = Math.floor(workerCores / executorCores);
  if (fitting >= leastSessions(sizes)) {
    return [set("sessions", String(fitting))];
  }
  return sessions <= workerCores
    ? [set("executorCores", String(Math.floor(workerCores / sessions)))]
    : [set("executorCores", "1"), set("sessions", String(workerCores))];
}

function memoryProblems(sizes: Sizes, engine: EngineSize): Problem[] {
  const total = totalMemory(sizes);
  if (total <= engine.memory) {
    return [];
  }
  // Largest first, which is usually JupyterLab.
  const singlesBySize = [...singleContainers(sizes)].sort(([, one], [, other]) => other - one);
  return [
    {
      key: "workers",
      value: String(sizes.workers),
      allowed:
        `all containers together, ${formatMemory(total)}, may take at most the engine's ${formatMemory(engine.memory)} ` +
        `(${[[roles.worker, roles.worker.memory(sizes)] as const, ...singlesBySize]
          .map(([{ title }, each]) => `${title} ${formatMemory(each)}`)
          .join(", ")})`,
      fix: sizesThatFit(sizes, engine.memory),
    },
  ];
}

/** Fewer workers if that is enough, otherwise one worker with the fewest sessions; advice if even that does not fit. */
function sizesThatFit(sizes: Sizes, memory: Mebibytes): Fix {
  const rest = memory - sumOf(singleContainers(sizes).map(([, memory]) => memory));
  const workers = Math.floor(rest / roles.worker.memory(sizes));
  if (workers >= 1) {
    return [set("workers", String(workers))];
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
        set("workers", "1"),
        set("sessions", String(sessions)),
        set("workerMemory", formatMemory(single.workerMemory)),
        set("workerCores", String(single.workerCores)),
      ]
    : [{ advice: `give the engine at least ${formatMemory(totalMemory(single))} of memory, or set smaller memory keys` }];
}
