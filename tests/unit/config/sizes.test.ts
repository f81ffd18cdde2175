import fc from "fast-check";

import { Sizes } from "../../../config/clusterConfig";
import { formatMemory, parseMemory } from "../../../config/memory";
import * as reader from "../../../config/sizes";
import { totalMemory } from "../../../config/sizes";
import { roles } from "../../../roles";
import { coresPerSession, executorsPerWorker } from "../../../spark/sizes";
import { EngineSize } from "../../../engine/facts";
import { clusterConfig, source, Written } from "../../../testbed/stackConfig";
import { errorOf, told } from "../helpers/problems";

const sizeProblems = (...args: Parameters<typeof reader.sizeProblems>) => told(reader.sizeProblems(...args));

const cores = fc.integer({ min: 1, max: 12 });
const memory = (min: number, max: number) => fc.integer({ min, max });
const sizes: fc.Arbitrary<Sizes> = fc.record({
  workers: fc.integer({ min: 1, max: 9 }),
  workerCores: cores,
  workerMemory: memory(450, 16_384),
  executorCores: cores,
  executorMemory: memory(450, 8192),
  driverMemory: memory(450, 8192),
  pythonMemory: memory(256, 2048),
  offHeapMemory: fc.oneof(fc.constant(0), memory(512, 2048)),
  sessions: fc.integer({ min: 1, max: 6 }),
  ideMemory: memory(256, 2048),
  masterMemory: memory(384, 2048),
  daemonMemory: memory(256, 2048),
  historyServer: fc.boolean(),
  historyMemory: memory(384, 2048),
  sparkConnect: fc.boolean(),
  metrics: fc.boolean(),
  objectStore: fc.boolean(),
  catalog: fc.constantFrom("session", "shared"),
  catalogMemory: memory(128, 1024),
  objectStoreMemory: memory(128, 1024),
  ideCores: cores,
  daemonCores: cores,
  tmpMemory: memory(64, 512),
});
const engines: fc.Arbitrary<EngineSize> = fc.record({ cpus: fc.integer({ min: 1, max: 32 }), memory: memory(2048, 256 * 1024) });
const counts: readonly string[] = ["workers", "workerCores", "executorCores", "sessions", "ideCores", "daemonCores"];

/** What a JVM needs beside its heap, in the words of Spark's documentation. */
const beside = (heap: number) => Math.max(384, heap * 0.1);

/** The limits of the containers of which there is one. */
const singles = (of: Sizes) => [
  ...[roles.jupyterlab.memory(of), roles.master.memory(of)],
  ...(of.historyServer ? [roles["history-server"].memory(of)] : []),
  ...(of.sparkConnect ? [roles.connect.memory(of)] : []),
  ...(of.catalog === "shared" ? [roles.catalog.memory(of)] : []),
  ...(of.objectStore ? [roles["object-store"].memory(of)] : []),
  ...(of.metrics ? [roles.metrics.memory(of)] : []),
];

/** Sizes as a person writes them. */
function written(of: Sizes): Record<string, Written> {
  return Object.fromEntries(
    Object.entries(of).map(([key, value]: [string, number | boolean | string]) => [
      key,
      counts.includes(key) || typeof value !== "number" ? String(value) : formatMemory(value),
    ]),
  );
}

/** The sizes after the commands of a problem. */
function fixed(of: Sizes, fix: string): Sizes {
  const changes = fix.split(" && ").map((command): [string, number] => {
    const [, key = "", value = ""] = /^pulumi config set (\w+) (\w+)$/.exec(command) ?? [];
    return [key, counts.includes(key) ? Number(value) : (parseMemory(value) ?? NaN)];
  });
  expect(Object.keys(of)).toEqual(expect.arrayContaining(changes.map(([key]) => key)));
  return { ...of, ...Object.fromEntries(changes) };
}

test("a configuration is accepted if and only if its numbers add up", () => {
  fc.assert(
    fc.property(sizes, engines, (of, engine) => {
      const fits =
        of.sessions >= (of.sparkConnect ? 2 : 1) &&
        of.executorCores * of.sessions <= of.workerCores &&
        of.executorMemory * of.sessions <= of.workerMemory &&
        Math.max(of.workerCores, of.ideCores, of.daemonCores) <= engine.cpus &&
        of.workers * roles.worker.memory(of) + singles(of).reduce((sum, each) => sum + each, 0) <= engine.memory;
      expect(errorOf(source(written(of), { size: engine })) === undefined).toBe(fits);
    }),
    { numRuns: 1000 },
  );
});

test("a worker's container holds its daemon, /tmp and all executors that its cores and its memory allow, with Python and off-heap memory", () => {
  fc.assert(
    fc.property(sizes, (of) => {
      const executors = Math.min(Math.floor(of.workerCores / of.executorCores), Math.floor(of.workerMemory / of.executorMemory));
      const needed =
        of.daemonMemory +
        of.tmpMemory +
        executors * (of.executorMemory + beside(of.executorMemory) + of.pythonMemory + of.offHeapMemory);
      expect(executorsPerWorker(of)).toBe(executors);
      expect(roles.worker.memory(of)).toBeGreaterThanOrEqual(needed);
    }),
  );
});

test("an accepted configuration is handed on as it was written, and each of its sessions has room for an executor on every worker", () => {
  fc.assert(
    fc.property(sizes, (of) => {
      fc.pre(sizeProblems(of).length === 0);
      expect(clusterConfig(written(of)).sizes).toEqual(of);
      expect(executorsPerWorker(of)).toBeGreaterThanOrEqual(of.sessions);
      expect(coresPerSession(of) * of.sessions).toBeLessThanOrEqual(of.workers * of.workerCores);
    }),
  );
});

test("the IDE's container holds its server, /tmp, and a driver with its Python for every session but Spark Connect's, and a driver of 2g in any case", () => {
  fc.assert(
    fc.property(sizes, (of) => {
      const others = of.ideMemory + of.tmpMemory;
      const driver = (heap: number) => heap + beside(heap) + of.pythonMemory;
      expect(roles.jupyterlab.memory(of)).toBeGreaterThanOrEqual(
        others + (of.sessions - (of.sparkConnect ? 1 : 0)) * driver(of.driverMemory),
      );
      expect(roles.jupyterlab.memory(of)).toBeGreaterThanOrEqual(others + driver(2048));
    }),
  );
});

test("limits are whole mebibytes, and no larger for a smaller cluster", () => {
  fc.assert(
    fc.property(sizes, (of) => {
      expect([roles.worker.memory(of), ...singles(of)].every(Number.isInteger)).toBe(true);
      expect(totalMemory({ ...of, workers: of.workers + 1 }) - totalMemory(of)).toBe(roles.worker.memory(of));
    }),
  );
});

test("the laptop's numbers are those of the design", () => {
  const { sizes: of } = clusterConfig();
  expect(roles.worker.memory(of)).toBe(256 + 2 * (512 + 384 + 512) + 128);
  expect(roles.jupyterlab.memory(of)).toBe(512 + 2 * (1024 + 384 + 512) + 128);
  expect(roles.master.memory(of)).toBe(512 + 128);
  expect(roles["history-server"].memory(of)).toBe(512 + 128);
  expect(roles.catalog.memory(of)).toBe(128 + 128);
  expect(totalMemory(of)).toBe(2 * 3200 + 4480 + 640 + 640 + 256);
  expect(coresPerSession(of)).toBe(2);
});

test("what a problem suggests removes that problem, with and without an engine", () => {
  const check = (of: Sizes, engine?: EngineSize) => {
    for (const problem of sizeProblems(of, engine)) {
      if (problem.fix.startsWith("pulumi")) {
        const left = sizeProblems(fixed(of, problem.fix), engine);
        expect(left.map(({ key }) => key)).not.toContain(problem.key);
      }
    }
  };
  fc.assert(
    fc.property(sizes, (of) => {
      check(of);
    }),
    { numRuns: 1000 },
  );
  fc.assert(fc.property(sizes, engines, check), { numRuns: 5000 });
  // More sessions than cores, on an engine that has no more cores.
  const of: Sizes = { ...clusterConfig().sizes, workerCores: 1, executorCores: 2, sessions: 3, workerMemory: 4096 };
  check(of, { cpus: 2, memory: 64 * 1024 });
});

test("on an engine too small for any cluster, the problem says how large it has to be", () => {
  const of = clusterConfig().sizes;
  const [problem] = sizeProblems(of, { cpus: 8, memory: 2048 });
  const least = totalMemory({ ...of, workers: 1, sessions: 1, workerMemory: of.executorMemory, workerCores: of.executorCores });
  expect(problem).toMatchObject({ key: "workers", value: "2" });
  expect(problem?.fix).toBe(`# give the engine at least ${formatMemory(least)} of memory, or set smaller memory keys`);
});

test("a history server that there is not takes no memory, and is not named", () => {
  const of = clusterConfig({ historyServer: "false" }).sizes;
  expect(totalMemory({ ...of, historyServer: true }) - totalMemory(of)).toBe(of.historyMemory + of.tmpMemory);
  const [without, beside] = [of, { ...of, historyServer: true }].map((each) => sizeProblems(each, { cpus: 8, memory: 4096 })[0]);
  expect(without?.allowed).not.toContain("history");
  expect(beside?.allowed).toContain("the history server 640m");
});

test("a Spark Connect server is one of the sessions, its driver in its own container, and leaves at least one to notebooks", () => {
  const of = clusterConfig({ sparkConnect: "true", sessions: "3", workerCores: "3", workerMemory: "2g" }).sizes;
  expect(roles.connect.memory(of)).toBe(1024 + 384 + 512 + 128);
  expect(totalMemory(of)).toBe(totalMemory({ ...of, sparkConnect: false }) + of.tmpMemory);
  expect(sizeProblems({ ...of, sessions: 1 })).toMatchObject([
    { key: "sessions", value: "1", fix: "pulumi config set sessions 2" },
  ]);
  expect(sizeProblems({ ...of, sessions: 2 })).toEqual([]);
});

test("on an engine too small for its sessions, a cluster with Spark Connect keeps two of them", () => {
  const of: Sizes = { ...clusterConfig().sizes, sparkConnect: true, sessions: 4, workerCores: 4, workerMemory: 8192 };
  const engine = { cpus: 4, memory: 11_000 };
  const [problem] = sizeProblems(of, engine);
  expect(problem?.fix).toContain("pulumi config set sessions 2 && ");
  expect(sizeProblems(fixed(of, problem?.fix ?? ""), engine)).toEqual([]);
});

test("a shared catalog takes its memory and its /tmp, and is named where memory is short", () => {
  const [own, shared] = [clusterConfig({ catalog: "session" }).sizes, clusterConfig({ catalogMemory: "300m" }).sizes];
  expect(totalMemory(shared) - totalMemory(own)).toBe(300 + 128);
  expect(sizeProblems(shared, { cpus: 8, memory: 4096 })[0]?.allowed).toContain("the catalog 428m");
  expect(sizeProblems(own, { cpus: 8, memory: 4096 })[0]?.allowed).not.toContain("the catalog");
});
