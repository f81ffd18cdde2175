import { Expected, waitUntilReady } from "../../../engine/readiness";
import { outcomeAtOnce } from "../helpers/clock";
import { FakeContainer, fakeEngine, FakeEngine } from "../helpers/engine";

const expected: Expected = {
  engine: { kind: "docker", host: "ssh://server" },
  containers: [
    { name: "master", id: "m", role: "master" },
    { name: "worker-1", id: "w1", role: "worker" },
    { name: "worker-2", id: "w2", role: "worker" },
    { name: "ide", id: "i", role: "jupyterlab" },
    { name: "history", id: "h", role: "history-server" },
  ],
  workers: ["spark-worker-1", "spark-worker-2"],
  timeout: 10,
};
const alive = (...hosts: string[]) =>
  JSON.stringify({ status: "ALIVE", workers: hosts.map((host) => ({ host, state: "ALIVE" })), activeapps: [] });
const all = (edit: (id: string) => Partial<FakeContainer> = () => ({})): FakeContainer[] =>
  expected.containers.map(({ id }) => ({ id, ...edit(id) }));

/** An engine on which all is well but for what is given. */
const engine = (rest: FakeEngine = {}) =>
  fakeEngine({
    containers: () => all(),
    exec: (_, command) => (command === "master-state" ? alive("spark-worker-1", "spark-worker-2") : ""),
    logs: (container) => ({ stdout: `last line of ${container}\n`, stderr: "and its error\n" }),
    ...rest,
  });

function wait(what: Partial<Expected> = {}): Promise<unknown> {
  return outcomeAtOnce(() => waitUntilReady({ ...expected, ...what }));
}

test("a cluster whose containers run, whose workers are all registered and whose IDE answers is ready", async () => {
  const calls = engine();
  expect(await wait()).toBe("ready");
  expect(calls.commands).toEqual([
    ["inspect", "m", "w1", "w2", "i", "h"],
    ["exec", "master", "master-state"],
    ["exec", "ide", "jupyterlab-answers"],
    ["exec", "history", "history-server-lists"],
  ]);
  expect(new Set(calls.hosts)).toEqual(new Set(["ssh://server"]));
  expect(new Set(calls.programs)).toEqual(new Set(["docker"]));
});

test("a cluster on Podman is asked for with Podman's own client", async () => {
  const calls = engine({ kind: "podman" });
  expect(await wait({ engine: { kind: "podman", host: "unix:///socket" } })).toBe("ready");
  expect(new Set(calls.hosts)).toEqual(new Set(["unix:///socket"]));
  expect(new Set(calls.programs)).toEqual(new Set(["podman"]));
});

test("it waits for a master that does not answer yet, for a worker that is late and for an IDE that starts slowly", async () => {
  const states = ["", alive(), alive("spark-worker-1"), alive("spark-worker-2", "spark-worker-1")];
  let answers = 0;
  const calls = engine({
    exec: (_, command) => {
      if (command === "master-state") {
        return states.length > 1 ? (states.shift() ?? "") : (states[0] ?? "");
      }
      answers += 1;
      if (answers < 3) {
        throw new Error("connection refused");
      }
      return "";
    },
  });
  expect(await wait()).toBe("ready");
  expect(calls.commands.filter(([command]) => command === "inspect")).toHaveLength(6);
});

test("a worker that the master counts as lost is no worker", async () => {
  const lost = JSON.stringify({
    workers: [
      { host: "spark-worker-1", state: "ALIVE" },
      { host: "spark-worker-2", state: "DEAD" },
    ],
  });
  engine({ exec: () => lost });
  expect(String(await wait())).toContain("not registered with the master: spark-worker-2.");
});

test.each<[string, Partial<FakeContainer>, string]>([
  ["exits", { status: "exited", exitCode: 3 }, "container worker-1 ended with exit code 3 instead of staying up"],
  [
    "is about to restart",
    { status: "restarting", exitCode: 1 },
    "container worker-1 ended with exit code 1 instead of staying up",
  ],
  [
    "is killed for its memory",
    { status: "exited", exitCode: 137, oomKilled: true },
    "container worker-1 ran out of memory instead",
  ],
])("a container that %s ends the wait at once, with its last lines", async (_, state, message) => {
  const calls = engine({ containers: () => all((id) => (id === "w1" ? state : {})) });
  const error = String(await wait());
  expect(error).toContain(message);
  expect(error).toContain("Its last lines:\n    last line of w1\n    and its error");
  expect(calls.commands).toEqual([
    ["inspect", "m", "w1", "w2", "i", "h"],
    ["logs", "--tail", "20", "w1"],
  ]);
});

test("a container that restarts between two looks is a failure, though it runs again", async () => {
  let looks = 0;
  engine({
    containers: () => {
      looks += 1;
      return all((id) => (id === "m" ? { restarts: looks > 2 ? 1 : 0, exitCode: 1 } : {}));
    },
    exec: () => "",
  });
  expect(String(await wait())).toContain("container master ended with exit code 1");
});

test("a restart of long ago is none", async () => {
  let looks = 0;
  engine({
    containers: () => all(() => ({ restarts: 5 })),
    exec: (_, command) => (command === "master-state" && ++looks < 3 ? "" : alive("spark-worker-1", "spark-worker-2")),
  });
  expect(await wait()).toBe("ready");
});

test("when time is up, those who are missing are named, with every container's last lines", async () => {
  engine({ exec: () => alive("spark-worker-2") });
  const error = String(await wait({ timeout: 7 }));
  expect(error).toContain(
    "after 7 s these workers are not registered with the master: spark-worker-1. What the containers wrote last:",
  );
  for (const { name, id } of expected.containers) {
    expect(error).toContain(`  ${name}:\n    last line of ${id}\n    and its error`);
  }
});

test.each([
  ["jupyterlab-answers", "jupyterlab"],
  ["history-server-lists", "history-server"],
])("when time is up and only %s fails, that is said", async (failing, role) => {
  engine({
    exec: (_, command) => {
      if (command === failing) {
        throw new Error("connection refused");
      }
      return alive("spark-worker-1", "spark-worker-2");
    },
  });
  expect(String(await wait())).toContain(`after 10 s ${role} does not answer.`);
});
