import fc from "fast-check";

import { Sizes, SharedStorage, SwarmConfig } from "../../../config/clusterConfig";
import { Mebibytes } from "../../../config/memory";
import { nodesOf, placingProblems, smallestNode, SwarmCheck } from "../../../config/placing";
import {
  catalogContainerMemory,
  connectContainerMemory,
  gatewayContainerMemory,
  historyContainerMemory,
  ideContainerMemory,
  masterContainerMemory,
  workerContainerMemory,
} from "../../../config/sizes";
import { SwarmFacts, SwarmNode } from "../../../engine/nodes";
import { Role } from "../../../engine/roles";
import { clusterConfig, errorOf, mended, problemsOf, source, Written } from "../helpers/stackConfig";
import { inBucket, node, onNfs, onSwarm, swarmOf, swarmRead } from "../helpers/swarm";

const gibibyte: Mebibytes = 1024;
const ssd = { labels: { disk: "ssd" } };

/** What is wrong with a stack on a swarm. */
const problems = (written: Readonly<Record<string, Written>>, swarm: SwarmFacts) =>
  problemsOf(source({ ...onSwarm, ...written }, swarmRead(swarm)));

/** That there is one problem, and that its command mends it. */
function expectMended(edit: Readonly<Record<string, Written>>, swarm: SwarmFacts, problem: Record<string, unknown>): void {
  const found = problems(edit, swarm);
  expect(found).toEqual([problem]);
  const after = mended({ ...onSwarm, ...edit }, found[0]?.mend ?? "");
  expect(errorOf(source(after, swarmRead(swarm)))).toBeUndefined();
}

describe("images", () => {
  test("that are built on one node are refused: the others have none", () => {
    expectMended({ imageSource: "build" }, swarmOf(node("a")), {
      key: "imageSource",
      value: "build",
      allowed: expect.stringMatching(/^pull, on a swarm: .*make publish/) as string,
      mend: "pulumi config set imageSource pull",
    });
  });
});

describe("data on the disk of one node", () => {
  test("is accepted on a swarm of one node", () => {
    expect(problems({}, swarmOf(node("a")))).toEqual([]);
  });

  test("is refused on one of several", () => {
    expectMended({}, swarmOf(node("a"), node("b"), node("c")), {
      key: "sharedStorage",
      value: "nothing",
      allowed: expect.stringContaining("a place that all 3 nodes see") as string,
      mend: "pulumi config set --path sharedStorage.nfs SERVER:/EXPORT",
    });
  });

  test.each<[string, Record<string, Written>]>([
    ["a server's export", onNfs],
    ["a folder", { sharedStorage: { folder: "/mnt/all" } }],
    ["a bucket", inBucket],
  ])("is none where there is %s", (_, written) => {
    expect(problems(written, swarmOf(node("a"), node("b")))).toEqual([]);
  });

  test("is what there is where a store has no bucket", () => {
    const s3 = { accessKey: "AKIA", secretKey: "hunter2" };
    expect(problems({ s3 }, swarmOf(node("a"), node("b"))).map(({ key }) => key)).toEqual(["sharedStorage"]);
  });
});

describe("a label", () => {
  test("is found among the nodes' by its name and its value", () => {
    const nodes = [
      node("a"),
      node("b", ssd),
      node("c", { labels: { disk: "hdd" } }),
      node("d", { labels: { ...ssd.labels, x: "y" } }),
    ];
    const ids = (placement: SwarmConfig["placement"]) => nodesOf("worker", placement, nodes).map(({ id }) => id);
    expect(ids({ worker: "disk=ssd" })).toEqual(["b", "d"]);
    expect(ids({ worker: "disk=ss" })).toEqual([]);
    expect(ids({ worker: "constructor=x" })).toEqual([]);
    expect(ids({ master: "disk=ssd" })).toEqual(["a", "b", "c", "d"]);
  });

  test.each(["master", "worker", "history-server"])("that no node has is refused for %s", (role) => {
    expectMended({ ...onNfs, placement: { [role]: "disk=tape" } }, swarmOf(node("a", ssd), node("b")), {
      key: `placement.${role}`,
      value: '"disk=tape"',
      allowed: expect.stringContaining("a label that a node of the swarm has") as string,
      mend: `pulumi config rm --path placement.${role}`,
    });
  });

  test("that no node has is refused for one worker on each node, too", () => {
    expectMended({ ...onNfs, workers: "per-node", placement: { worker: "disk=tape" } }, swarmOf(node("a"), node("b")), {
      key: "placement.worker",
      value: '"disk=tape"',
      allowed: expect.stringContaining("docker node update --label-add") as string,
      mend: "pulumi config rm --path placement.worker",
    });
  });
});

describe("processors", () => {
  const swarm = swarmOf(node("a", { cpus: 8 }), node("b", { cpus: 3 }));

  test("are those of the smallest node, on which any container may come to be", () => {
    expect(smallestNode(swarm)).toEqual({ cpus: 3, memory: Infinity, name: "the smallest node" });
    expect(smallestNode(undefined)).toBeUndefined();
    expectMended({ ...onNfs, workerCores: "4" }, swarm, {
      key: "workerCores",
      value: "4",
      allowed: "at most the smallest node's 3 CPUs",
      mend: "pulumi config set workerCores 3",
    });
  });

  test("of the engine that was asked count on a swarm no more than its memory does", () => {
    const size = { cpus: 1, memory: gibibyte };
    expect(problemsOf(source({ ...onSwarm, ...onNfs }, { ...swarmRead(swarm), size }))).toEqual([]);
  });
});

describe("room", () => {
  const of = clusterConfig(onSwarm).sizes;
  const worker = workerContainerMemory(of);
  const others = [masterContainerMemory, ideContainerMemory, historyContainerMemory, gatewayContainerMemory];
  const rest = others.reduce((sum, each) => sum + each(of), 0);

  test("on one node is what all containers take together, the gateway's too", () => {
    expect(problems({}, swarmOf(node("a", { memory: rest + 2 * worker })))).toEqual([]);
    expect(problems({}, swarmOf(node("a", { memory: rest + 2 * worker - 1 })))).toHaveLength(1);
  });

  test("that is short for workers is told with how many there is room for", () => {
    expectMended({ workers: "5" }, swarmOf(node("a", { memory: rest + 3 * worker })), {
      key: "workers",
      value: "5",
      allowed: "as much as the nodes hold: 2 x worker of 3200m found no node with more than 1280m left",
      mend: "pulumi config set workers 3",
    });
  });

  test("is asked of each node by itself: what two have together holds nothing that is too large for one", () => {
    const swarm = swarmOf(
      node("a", { memory: rest + worker }),
      node("b", { memory: worker - 1 }),
      node("c", { memory: worker - 1 }),
    );
    expect(problems(onNfs, swarm)).toMatchObject([{ key: "workers", mend: "pulumi config set workers 1" }]);
  });

  test("for workers is only on nodes with their label", () => {
    const placement = { placement: { worker: "disk=ssd" } };
    const swarm = swarmOf(node("a"), node("b", { ...ssd, memory: 3 * worker }));
    expect(problems({ ...onNfs, ...placement, workers: "3" }, swarm)).toEqual([]);
    expectMended({ ...onNfs, ...placement, workers: "5" }, swarm, {
      key: "workers",
      value: "5",
      allowed: "as much as the nodes hold: 2 x worker of 3200m found no node with more than 0m left",
      mend: "pulumi config set workers 3",
    });
  });

  test("for one worker on each node has to be on each", () => {
    const swarm = swarmOf(node("a"), node("b", { memory: worker - 1 }));
    expect(problems({ ...onNfs, workers: "2" }, swarm)).toEqual([]);
    expectMended({ ...onNfs, workers: "per-node" }, swarm, {
      key: "workers",
      value: "2",
      allowed: "as much as the nodes hold: 1 x worker of 3200m found no node with more than 3199m left",
      mend: "pulumi config set workers 1",
    });
  });

  test("for JupyterLab is on the manager, and for all but workers where data is on its disk", () => {
    const small = (memory: Mebibytes) => swarmOf(node("a", { memory }), node("b"));
    const ide = ideContainerMemory(of) + gatewayContainerMemory(of);
    expect(problems(onNfs, small(ide))).toEqual([]);
    expect(problems(onNfs, small(ide - 1))).toMatchObject([
      {
        key: "placement.jupyterlab",
        value: "no room",
        allowed: expect.stringContaining("1 x jupyterlab of 4480m found no node with more than 4479m left") as string,
        mend: "# add a node to the swarm, or set smaller memory keys",
      },
    ]);
    expect(problems(inBucket, small(ide)).map(({ key }) => key)).toEqual(["placement.master", "placement.history-server"]);
    expect(problems(inBucket, small(rest))).toEqual([]);
    expect(
      problems({ ...onNfs, placement: { jupyterlab: "disk=ssd" } }, swarmOf(node("a", { memory: 192 }), node("b", ssd))),
    ).toEqual([]);
  });

  test("for no worker at all is mended by no number of them", () => {
    const swarm = swarmOf(node("a", { memory: rest }));
    expect(problems({}, swarm)).toMatchObject([
      { key: "workers", value: "2", mend: "# add a node to the swarm, or set smaller memory keys" },
    ]);
  });

  test("is none where no node takes containers", () => {
    const found = problems({}, { manager: "a", nodes: [] });
    expect(found.map(({ key }) => key).sort()).toEqual([
      "placement.history-server",
      "placement.jupyterlab",
      "placement.master",
      "workers",
    ]);
    expect(new Set(found.map(({ mend }) => mend))).toEqual(new Set(["# add a node to the swarm, or set smaller memory keys"]));
  });
});

const memory = (min: number, max: number) => fc.integer({ min, max });
const nodes: fc.Arbitrary<readonly SwarmNode[]> = fc
  .array(fc.record({ memory: memory(512, 24 * gibibyte), labelled: fc.boolean() }), { minLength: 1, maxLength: 4 })
  .map((all) => all.map((each, index) => node(String(index), { memory: each.memory, labels: each.labelled ? ssd.labels : {} })));
const placement = fc.dictionary(
  fc.constantFrom<Role>("master", "worker", "jupyterlab", "history-server", "connect", "catalog"),
  fc.constant("disk=ssd"),
  { maxKeys: 3 },
);
const sizes: fc.Arbitrary<Sizes> = fc
  .record({
    workers: fc.integer({ min: 1, max: 6 }),
    workerMemory: memory(1024, 4096),
    driverMemory: memory(450, 2048),
    masterMemory: memory(384, 4096),
    historyMemory: memory(384, 4096),
    catalogMemory: memory(128, 4096),
    historyServer: fc.boolean(),
    sparkConnect: fc.boolean(),
    catalog: fc.constantFrom("session" as const, "shared" as const),
  })
  .map((some) => ({ ...clusterConfig().sizes, ...some }));
const storage = fc.constantFrom<SharedStorage | undefined>({ folder: "/mnt" }, undefined);
const checks: fc.Arbitrary<SwarmCheck> = fc
  .record({ nodes, placement, sizes, storage, perNode: fc.boolean() })
  .map(({ nodes, placement, sizes, storage, perNode }) => {
    const facts = swarmOf(...nodes);
    const workers = Math.max(1, nodesOf("worker", placement, nodes).length);
    return {
      facts,
      swarm: { perNode, placement, storage },
      sizes: perNode ? { ...sizes, workers } : sizes,
      bucket: true,
      imageSource: "pull",
      show: (_key, text) => text,
    };
  });

/** Every container, with what it takes and the nodes that the swarm may put it on, as the services' constraints say. */
function containersOf({ facts, swarm, sizes }: SwarmCheck): { memory: Mebibytes; nodes: readonly string[] }[] {
  const ids = facts.nodes.map(({ id }) => id);
  const allowed = (role: Role) =>
    role in swarm.placement
      ? facts.nodes.filter(({ labels }) => labels.disk === "ssd").map(({ id }) => id)
      : role !== "worker" && (role === "jupyterlab" || swarm.storage === undefined)
        ? [facts.manager]
        : ids;
  const single: [Role, Mebibytes][] = [
    ["master", masterContainerMemory(sizes)],
    ["jupyterlab", ideContainerMemory(sizes)],
    ["history-server", historyContainerMemory(sizes)],
    ["connect", connectContainerMemory(sizes)],
    ["catalog", catalogContainerMemory(sizes)],
  ];
  const places = swarm.perNode
    ? allowed("worker").map((id) => [id])
    : Array.from({ length: sizes.workers }, () => allowed("worker"));
  return [
    { memory: gatewayContainerMemory(sizes), nodes: [facts.manager] },
    ...single.filter(([, memory]) => memory > 0).map(([role, memory]) => ({ memory, nodes: allowed(role) })),
    ...places.map((nodes) => ({ memory: workerContainerMemory(sizes), nodes })),
  ];
}

/** Whether there is any way at all to put containers on nodes: all of them are tried. */
function fits(containers: ReturnType<typeof containersOf>, free: ReadonlyMap<string, Mebibytes>): boolean {
  const [first, ...rest] = containers;
  return (
    first === undefined ||
    first.nodes.some((id) => {
      const left = (free.get(id) ?? 0) - first.memory;
      return left >= 0 && fits(rest, new Map([...free, [id, left]]));
    })
  );
}

const roomOf = ({ facts }: SwarmCheck) => new Map(facts.nodes.map(({ id, memory }) => [id, memory]));

test("what is accepted fits: there is a way to put every container on a node that it may be on", () => {
  let accepted = 0;
  fc.assert(
    fc.property(checks, (check) => {
      if (placingProblems(check).length === 0) {
        accepted += 1;
        const containers = containersOf(check).sort((one, other) => other.memory - one.memory);
        expect(fits(containers, roomOf(check))).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
  expect(accepted).toBeGreaterThan(100);
});

test("what has a container too large for any node is refused, and what any node could hold alone is not", () => {
  fc.assert(
    fc.property(checks, (check) => {
      const refused = placingProblems(check).length > 0;
      const containers = containersOf(check);
      const smallest = Math.min(...check.facts.nodes.map(({ memory }) => memory));
      const total = containers.reduce((sum, each) => sum + each.memory, 0);
      const labels =
        Object.values(check.swarm.placement).length === 0 || check.facts.nodes.some(({ labels }) => "disk" in labels);
      const alone = containers.every((each) => fits([each], roomOf(check)));
      expect(alone || refused).toBe(true);
      expect(refused && alone && labels && total <= smallest).toBe(false);
    }),
    { numRuns: 1000 },
  );
});

test("the number of workers that is suggested is accepted, and is no larger", () => {
  let suggested = 0;
  fc.assert(
    fc.property(checks, (check) => {
      const problem = placingProblems(check).find(({ key }) => key === "workers");
      const [, number] = /^pulumi config set workers (\d+)$/.exec(problem?.mend ?? "") ?? [];
      if (number !== undefined) {
        suggested += 1;
        const workers = Number(number);
        expect(workers).toBeGreaterThanOrEqual(1);
        expect(workers).toBeLessThan(check.sizes.workers);
        const after = placingProblems({
          ...check,
          swarm: { ...check.swarm, perNode: false },
          sizes: { ...check.sizes, workers },
        });
        expect(after.map(({ key }) => key)).not.toContain("workers");
      }
    }),
    { numRuns: 2000 },
  );
  expect(suggested).toBeGreaterThan(50);
});
