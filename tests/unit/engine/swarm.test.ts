import { ExpectedOnSwarm, swarmMasterState, tasksOf, waitUntilSwarmReady } from "../../../engine/swarm";
import { outcomeAtOnce } from "../helpers/clock";
import { alive, FakeEngine, fakeEngine, FakeService, FakeTask } from "../helpers/engine";

const expected: ExpectedOnSwarm = {
  engine: { kind: "docker", host: "ssh://manager" },
  gateway: "g",
  services: [
    { name: "stack-master", id: "m", role: "master", revision: "1" },
    { name: "stack-worker", id: "w", role: "worker", revision: "1" },
    { name: "stack-jupyterlab", id: "j", role: "jupyterlab", revision: "1" },
  ],
  workers: 2,
  timeout: 10,
};

const services = (edit: (id: string) => Partial<FakeService> = () => ({})): FakeService[] =>
  expected.services.map(({ id, name }) => ({ id, name, replicas: id === "w" ? 2 : 1, ...edit(id) }));
const tasks: readonly FakeTask[] = [
  { id: "m.1", service: "m", address: "10.0.1.2/24" },
  { id: "w.1", service: "w", address: "10.0.1.3/24" },
  { id: "w.2", service: "w", address: "10.0.1.4/24" },
  { id: "j.1", service: "j", address: "10.0.1.5/24" },
];
/** The tasks but for what is given of one of them. */
const but = (id: string, edit: Partial<FakeTask>) => tasks.map((task) => (task.id === id ? { ...task, ...edit } : task));

/** A swarm on which all is well but for what is given, asked anew for each command. */
const swarm = (
  told: { readonly services?: () => readonly FakeService[]; readonly tasks?: () => readonly FakeTask[] } = {},
  rest: FakeEngine = {},
) =>
  fakeEngine({
    swarm: { services: () => services(), tasks: () => tasks, ...told },
    exec: () => alive("10.0.1.3", "10.0.1.4"),
    logs: (task) => ({ stdout: `last line of ${task}\n`, stderr: "and its error\n" }),
    ...rest,
  });

function wait(what: Partial<ExpectedOnSwarm> = {}): Promise<unknown> {
  return outcomeAtOnce(() => waitUntilSwarmReady({ ...expected, ...what }));
}

test("a cluster whose services run and whose workers are all registered is ready, by the manager's own word", async () => {
  const calls = swarm();
  expect(await wait()).toBe("ready");
  expect(calls.commands).toEqual([
    ["service", "ps", "--quiet", "--no-trunc", "stack-master", "stack-worker", "stack-jupyterlab"],
    ["inspect", "--type", "task", "m.1", "w.1", "w.2", "j.1"],
    ["service", "inspect", "m", "w", "j"],
    ["exec", "g", "cluster-state"],
  ]);
  expect(new Set(calls.hosts)).toEqual(new Set(["ssh://manager"]));
  expect(new Set(calls.programs)).toEqual(new Set(["docker"]));
});

test("it waits for containers that are on their way, for a master that does not answer yet and for a worker that is late", async () => {
  const looks: readonly { readonly found: readonly FakeTask[]; readonly state: string }[] = [
    { found: [], state: "" },
    { found: but("m.1", { state: "pending" }), state: "" },
    { found: but("w.2", { wanted: "ready", state: "preparing" }), state: alive("10.0.1.3", "10.0.1.4") },
    { found: tasks, state: "" },
    { found: tasks, state: alive() },
    { found: tasks, state: alive("10.0.1.4") },
    { found: tasks, state: alive("10.0.1.4", "10.0.1.3") },
  ];
  const calls = swarm({ tasks: () => lookNow().found }, { exec: () => lookNow().state });
  // Each look begins with one question.
  const lookNow = () => looks[calls.commands.filter(([, verb]) => verb === "ps").length - 1]!;
  expect(await wait()).toBe("ready");
  expect(calls.commands.filter(([, verb]) => verb === "ps")).toHaveLength(looks.length);
});

test("it waits for an update that is not through, though all that is wanted now runs", async () => {
  const calls = swarm({
    services: () => services((id) => (id === "w" && calls.commands.length < 12 ? { update: "updating" } : {})),
  });
  expect(await wait()).toBe("ready");
  expect(calls.commands.filter(([command]) => command === "exec")).toHaveLength(1);
  swarm({ services: () => services((id) => (id === "w" ? { update: "updating" } : {})) });
  expect(String(await wait())).toContain("after 10 s stack-worker is being updated");
});

test("an update that is through, containers that ended with it or are ending, and their workers, are nothing to wait for", async () => {
  const gone: FakeTask = { id: "w.0", service: "w", wanted: "shutdown", state: "shutdown", address: "10.0.1.9/24" };
  const found = [...tasks, gone, { ...gone, id: "w.9", state: "running" }];
  swarm({ services: () => services(() => ({ update: "completed" })), tasks: () => found });
  expect(await wait()).toBe("ready");
});

test.each<[string, Partial<FakeService>]>([
  ["of what containers run", { image: "another" }],
  ["of what they may take", { memory: 2048 }],
  ["to more containers", { replicas: 3 }],
  ["to fewer", { replicas: 1 }],
])("it waits for an update that has not begun, %s", async (_, edit) => {
  const told = () => services((id) => (id === "w" ? edit : {}));
  swarm({ services: told });
  expect(String(await wait())).toMatch(/after 10 s stack-worker has 2 containers where \d are wanted, or some that are as they/);
  const found: FakeTask[] = [0, 1, 2].map((number) => ({ ...tasks[1]!, ...edit, id: `w.${number}`, service: "w" }));
  swarm({
    services: told,
    tasks: () => [...tasks.filter(({ service }) => service !== "w"), ...found.slice(0, edit.replicas ?? 2)],
  });
  expect(await wait()).toBe("ready");
});

test("a service on each node has as many containers as there are to be workers", async () => {
  const global = { services: () => services((id) => (id === "w" ? { replicas: null } : {})) };
  swarm(global);
  expect(await wait()).toBe("ready");
  swarm({ ...global, tasks: () => tasks.filter(({ id }) => id !== "w.2") });
  expect(String(await wait())).toContain("stack-worker has 1 containers where 2 are wanted");
});

describe("when time is up, it is said", () => {
  const missing = "workers at these addresses are not registered with the master:";

  test.each<[string, readonly FakeTask[], string]>([
    [
      "why containers do not run",
      but("w.1", { state: "pending", error: "no suitable node (insufficient resources on 3 nodes)" }),
      "stack-worker has 1 of 2 containers that do not run yet: no suitable node (insufficient resources on 3 nodes)",
    ],
    [
      "once for all why they do not",
      tasks.map((task) => (task.service === "w" ? { ...task, state: "preparing" } : task)),
      "stack-worker has 2 of 2 containers that do not run yet: preparing",
    ],
    ["that there are none", tasks.filter(({ service }) => service !== "m"), "stack-master has 0 containers where 1 are wanted"],
    ["which workers are missing", but("w.2", { address: "10.0.1.77/24" }), `${missing} 10.0.1.77`],
    ["that a worker is missing which is on no network", but("w.2", { address: null }), missing],
  ])("%s", async (_, found, message) => {
    swarm({ tasks: () => found });
    expect(String(await wait({ timeout: 7 }))).toContain(`after 7 s ${message}`);
  });

  test("that all workers are missing, where the master does not answer, and those that it counts as lost", async () => {
    swarm({}, { exec: () => "not JSON" });
    expect(String(await wait())).toContain(`${missing} 10.0.1.3, 10.0.1.4`);
    const lost = { host: "10.0.1.4", state: "DEAD" };
    swarm({}, { exec: () => JSON.stringify({ status: "ALIVE", workers: [{ host: "10.0.1.3", state: "ALIVE" }, lost] }) });
    expect(String(await wait())).toMatch(/master: 10\.0\.1\.4$/);
  });
});

describe("a service", () => {
  const failed = (id: string, rest: Partial<FakeTask> = {}): FakeTask => ({
    ...{ id, service: "w", wanted: "shutdown", state: "failed", error: "task: non-zero exit (3)" },
    at: `2026-01-01T00:0${id}:00.123456789Z`,
    ...rest,
  });
  const starting = but("w.1", { state: "starting" });
  /** What is said where these have failed and another is starting. */
  const saidOf = async (failures: readonly FakeTask[], worker: Partial<FakeService> = {}, others = starting) => {
    const calls = swarm({
      services: () => services((id) => (id === "w" ? worker : {})),
      tasks: () => [...failures, ...others],
    });
    return { said: String(await wait()), calls };
  };
  const stays = "after 10 s stack-worker has 1 of 2";
  const fails = "service stack-worker does not stay up:";

  test("that failed once has another chance, and is not taken for another's failures", async () => {
    expect((await saidOf([failed("1")])).said).toContain(stays);
    expect((await saidOf([failed("1"), failed("2", { service: "j" })])).said).toContain(stays);
  });

  test("that failed twice ends the wait at once, with the last lines of the container that failed last", async () => {
    const { said, calls } = await saidOf([failed("3"), failed("1"), failed("2")]);
    expect(said).toContain(`${fails} task: non-zero exit (3). Its last lines:\n    last line of 3\n    and its error`);
    expect(calls.commands.filter(([, verb]) => verb === "ps")).toHaveLength(1);
    expect(calls.commands.at(-1)).toEqual(["service", "logs", "--raw", "--tail", "20", "3"]);
  });

  test("that fails ends the wait although another is not there yet", async () => {
    const workers = starting.filter(({ service }) => service === "w");
    expect((await saidOf([failed("1"), failed("2")], {}, workers)).said).toContain(fails);
  });

  test("whose image no node could get is one that fails, with what to look at; without a word, its state is told", async () => {
    const error = "No such image: registry.example.com/team/x@sha256:1";
    const rejected = ["1", "2"].map((id) => failed(id, { state: "rejected", error }));
    const lookAt =
      /x@sha256:1\. Each node pulls it itself: .*login \(registryUser, registryPassword\).*certificate\? Its last lines:/;
    expect((await saidOf(rejected)).said).toContain(`${fails} ${error}.`);
    expect((await saidOf(rejected)).said).toMatch(lookAt);
    const silent = ["1", "2"].map((id) => failed(id, { error: undefined, at: undefined }));
    expect((await saidOf(silent)).said).toContain(`${fails} failed. Its last lines:`);
  });

  test("whose update was stopped says so by its last failure, though it was written to after that, and that the rest runs as before", async () => {
    const stopped = "Its update was stopped there, and the rest runs as before. Its last lines:";
    const { said } = await saidOf([failed("1")], { update: "paused" });
    expect(said).toContain(`task: non-zero exit (3). ${stopped}`);
    const later = await saidOf([failed("1"), failed("2", { error: "the last" })], {
      ...{ update: "paused", updatedAt: "2026-01-01T00:09:00Z" },
    });
    expect(later.said).toContain(`${fails} the last. ${stopped}`);
  });

  test("that failed before it was told what it is now is none that fails", async () => {
    const updatedAt = "2026-01-01T00:05:00.000000001Z";
    expect((await saidOf([failed("1"), failed("2"), failed("3")], { updatedAt })).said).toContain(stays);
    expect((await saidOf([failed("6"), failed("7")], { updatedAt })).said).toContain(fails);
  });

  test("that is as it is wanted is none that fails, however often it did since it was told so", async () => {
    expect((await saidOf([failed("1"), failed("2"), failed("3")], {}, [...tasks])).said).toBe("ready");
  });
});

describe("a container that no node takes", () => {
  const error = "no suitable node (insufficient resources on 3 nodes)";
  const pending: Partial<FakeTask> = { state: "pending", error };
  const homeless = but("w.1", pending);
  const stuck = "no node has taken a container of service stack-worker for 60 s:";
  const timeout = 200;
  const updating = (...ids: string[]) => services((id) => (ids.includes(id) ? { update: "updating" } : {}));

  test.each<[string, readonly FakeTask[], readonly FakeService[], string]>([
    ["of any service", homeless, services(), error],
    [
      "of those that have to be on a certain node",
      but("w.1", { ...pending, error: "insufficient resources" }),
      services(),
      "insuff",
    ],
    ["whose own update waits for it", homeless, updating("w"), error],
    [
      "while one that has ended, or never began, is listed",
      [
        ...homeless,
        { id: "w.7", service: "w", wanted: "shutdown", state: "failed" },
        { ...homeless[1]!, id: "w.8", wanted: "shutdown" },
      ],
      services(),
      error,
    ],
  ])("ends the wait after a minute, with the swarm's words: %s", async (_, found, told, words) => {
    const calls = swarm({ tasks: () => found, services: () => told });
    expect(String(await wait({ timeout }))).toContain(`${stuck} ${words}`);
    expect(calls.commands.filter(([, verb]) => verb === "ps")).toHaveLength(61);
  });

  test.each<[string, readonly FakeTask[], readonly FakeService[]]>([
    ["another service's update may free room", homeless, updating("m", "w")],
    ["a container is ending", [...homeless, { id: "j.0", service: "j", wanted: "shutdown", state: "running" }], services()],
    ["the scheduler has not tried yet", but("w.1", { state: "pending" }), services()],
    ["it has a node, and starts", but("w.1", { state: "preparing", error }), services()],
  ])("does not end it where %s", async (_, found, told) => {
    swarm({ tasks: () => found, services: () => told });
    expect(String(await wait({ timeout }))).toContain("after 200 s stack-");
  });

  test("has the whole minute again after it had a node, or another container has none", async () => {
    const looks = (count: number): readonly FakeTask[] =>
      count === 50 ? tasks.slice(0, 3) : but(count < 50 ? "w.1" : "w.2", pending);
    const calls = swarm({ tasks: () => looks(lookNow()) });
    const lookNow = () => calls.commands.filter(([, verb]) => verb === "ps").length;
    expect(String(await wait({ timeout }))).toContain(stuck);
    expect(lookNow()).toBe(111);
  });
});

test("services that have no container yet are asked for none, and the master is asked from the gateway", () => {
  const none = swarm({ tasks: () => [] });
  expect(tasksOf(expected.engine, ["stack-master"])).toEqual([]);
  expect(none.commands.map(([command]) => command)).toEqual(["service"]);
  const calls = swarm();
  expect(swarmMasterState(expected.engine, "g").workers.map(({ host }) => host)).toEqual(["10.0.1.3", "10.0.1.4"]);
  expect(calls.commands).toEqual([["exec", "g", "cluster-state"]]);
});
