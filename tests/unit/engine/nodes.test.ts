import { Engine } from "../../../engine/engine";
import { askSwarm, managesSwarm } from "../../../engine/nodes";
import { UnusableEngine } from "../../../engine/unusableEngine";
import { deadEngine, fakeEngine, FakeNode, FakeSwarm } from "../helpers/engine";

const engine: Engine = { kind: "docker", host: "ssh://manager" };

test("a manager tells its own id and the machines of its swarm, memory in whole mebibytes and processors in whole ones", () => {
  const calls = fakeEngine({
    swarm: {
      nodes: [
        { id: "a", cpus: 4, memory: 8 * 1024 ** 3, labels: { disk: "ssd" } },
        { id: "b", cpus: 2.5, memory: 2048 * 1024 * 1024 - 1, labels: null },
      ],
      node: "b",
    },
  });
  expect(askSwarm(engine)).toEqual({
    manager: "b",
    nodes: [
      { id: "a", cpus: 4, memory: 8192, labels: { disk: "ssd" } },
      { id: "b", cpus: 2, memory: 2047, labels: {} },
    ],
    away: [],
  });
  expect(calls.commands).toEqual([
    ["info", "--format", "{{json .}}"],
    ["node", "ls", "--quiet"],
    ["node", "inspect", "a", "b"],
  ]);
  expect(new Set(calls.hosts)).toEqual(new Set(["ssh://manager"]));
});

test("machines that are down, drained or paused take no containers, and are told by their names and labels", () => {
  const away: FakeNode[] = [
    { id: "b", state: "down" },
    { id: "c", state: "unknown" },
  ];
  const kept: FakeNode[] = [
    { id: "d", availability: "drain", hostname: "birds", labels: { disk: "ssd" } },
    { id: "e", availability: "pause" },
  ];
  fakeEngine({ swarm: { nodes: [{ id: "a" }, ...away, ...kept, { id: "f" }] } });
  const { nodes, away: others } = askSwarm(engine);
  expect(nodes.map(({ id }) => id)).toEqual(["a", "f"]);
  expect(others).toEqual([
    { id: "b", name: "b", isDown: true, labels: {} },
    { id: "c", name: "c", isDown: true, labels: {} },
    { id: "d", name: "birds", isDown: false, labels: { disk: "ssd" } },
    { id: "e", name: "e", isDown: false, labels: {} },
  ]);
});

test.each([
  [
    "in no swarm",
    undefined,
    /^The engine at ssh:\/\/manager is in no swarm: docker swarm init .*pulumi config set target engine/,
  ],
  [
    "a worker of one",
    { manager: false },
    /^The engine at ssh:\/\/manager is a worker of its swarm: name a manager, pulumi config set docker:host/,
  ],
])("an engine that is %s says so, with what to do, and is asked no more", (_, swarm, message) => {
  const calls = fakeEngine({ swarm });
  expect(() => askSwarm(engine)).toThrow(UnusableEngine);
  expect(() => askSwarm(engine)).toThrow(message);
  expect(new Set(calls.commands.map(([command]) => command))).toEqual(new Set(["info"]));
});

test("an engine that does not answer is an error with the client's words, and not one that manages nothing", () => {
  deadEngine("Cannot connect");
  expect(() => askSwarm(engine)).toThrow("Cannot connect");
  expect(() => askSwarm(engine)).not.toThrow(UnusableEngine);
  expect(() => managesSwarm(engine)).toThrow("Cannot connect");
});

test("an engine tells whether it manages a swarm", () => {
  const swarms: (FakeSwarm | undefined)[] = [{}, { manager: false }, undefined];
  const manages = swarms.map((swarm) => {
    fakeEngine({ swarm });
    return managesSwarm(engine);
  });
  expect(manages).toEqual([true, false, false]);
});
