import fc from "fast-check";

import { Sizes, SharedStorage } from "../../../config/clusterConfig";
import { Mebibytes } from "../../../config/memory";
import { nodesOf, placingProblems, SwarmCheck } from "../../../config/placing";
import { roles } from "../../../roles";
import { PlacedRole } from "../../../config/schema";
import { SwarmNode } from "../../../engine/nodes";
import { clusterConfig } from "../../../testbed/stackConfig";
import { told } from "../helpers/problems";
import { node, swarmOf } from "../helpers/swarm";

const gibibyte: Mebibytes = 1024;
const ssd = { labels: { disk: "ssd" } };

const memory = (min: number, max: number) => fc.integer({ min, max });
const nodes: fc.Arbitrary<readonly SwarmNode[]> = fc
  .array(fc.record({ memory: memory(512, 24 * gibibyte), labelled: fc.boolean() }), { minLength: 1, maxLength: 4 })
  .map((all) => all.map((each, index) => node(String(index), { memory: each.memory, labels: each.labelled ? ssd.labels : {} })));
const placement = fc.dictionary(
  fc.constantFrom<PlacedRole>("master", "worker", "jupyterlab", "history-server", "connect", "catalog"),
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
  const allowed = (role: PlacedRole) =>
    role in swarm.placement
      ? facts.nodes.filter(({ labels }) => labels.disk === "ssd").map(({ id }) => id)
      : role !== "worker" && (role === "jupyterlab" || swarm.storage === undefined)
        ? [facts.manager]
        : ids;
  const single: [PlacedRole, Mebibytes][] = [
    ["master", roles.master.memory(sizes)],
    ["jupyterlab", roles.jupyterlab.memory(sizes)],
    ["history-server", sizes.historyServer ? roles["history-server"].memory(sizes) : 0],
    ["connect", sizes.sparkConnect ? roles.connect.memory(sizes) : 0],
    ["catalog", sizes.catalog === "shared" ? roles.catalog.memory(sizes) : 0],
  ];
  const places = swarm.perNode
    ? allowed("worker").map((id) => [id])
    : Array.from({ length: sizes.workers }, () => allowed("worker"));
  return [
    { memory: roles.gateway.memory(sizes), nodes: [facts.manager] },
    ...single.filter(([, memory]) => memory > 0).map(([role, memory]) => ({ memory, nodes: allowed(role) })),
    ...places.map((nodes) => ({ memory: roles.worker.memory(sizes), nodes })),
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
      const problem = told(placingProblems(check)).find(({ key }) => key === "workers");
      const [, number] = /^pulumi config set workers (\d+)$/.exec(problem?.fix ?? "") ?? [];
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
