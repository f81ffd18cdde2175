import { Expected, waitUntilReady } from "../../../engine/readiness";
import { roles } from "../../../roles";
import { outcomeAtOnce } from "../helpers/clock";
import { alive, FakeContainer, fakeEngine, FakeEngine } from "../helpers/engine";

const expected: Expected = {
  engine: { kind: "docker", host: "ssh://server" },
  containers: [
    { name: "master", id: "m", role: "master" } as const,
    { name: "worker-1", id: "w1", role: "worker" } as const,
    { name: "worker-2", id: "w2", role: "worker" } as const,
    { name: "ide", id: "i", role: "jupyterlab" } as const,
    { name: "history", id: "h", role: "history-server" } as const,
  ].map((each) => ({ ...each, healthcheck: roles[each.role].healthcheck })),
  workers: ["spark-worker-1", "spark-worker-2"],
  timeout: 10,
};
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

test.each(["docker", "podman"] as const)(
  "a cluster that runs, whose workers are all registered and whose IDE answers is ready: %s",
  async (kind) => {
    const calls = engine({ kind });
    expect(await wait({ engine: { kind, host: "ssh://server" } })).toBe("ready");
    expect(calls.commands).toEqual([
      ["inspect", "m", "w1", "w2", "i", "h"],
      ["exec", "master", "master-state", "2"],
      ["exec", "ide", "jupyterlab-answers"],
      ["exec", "history", "history-server-lists"],
    ]);
    expect([new Set(calls.hosts), new Set(calls.programs)]).toEqual([new Set(["ssh://server"]), new Set([kind])]);
  },
);

test("it waits for a master that does not answer yet, for a worker that is late and for an IDE that starts slowly", async () => {
  const states = ["", alive(), alive("spark-worker-1")];
  const silent = ["jupyterlab-answers", "jupyterlab-answers"];
  const calls = engine({
    exec: (_, command) => {
      if (command === silent.at(-1) && states.length === 0) {
        silent.pop();
        throw new Error("connection refused");
      }
      return command === "master-state" ? (states.shift() ?? alive("spark-worker-2", "spark-worker-1")) : "";
    },
  });
  expect(await wait()).toBe("ready");
  expect(calls.commands.filter(([command]) => command === "inspect")).toHaveLength(6);
});

test("a worker that the master counts as lost is no worker", async () => {
  const workers = [
    { host: "spark-worker-1", state: "ALIVE" },
    { host: "spark-worker-2", state: "DEAD" },
  ];
  engine({ exec: () => JSON.stringify({ workers }) });
  expect(String(await wait())).toContain("not registered with the master: spark-worker-2.");
});

const ended = "instead of staying up";

test.each<[string, Partial<FakeContainer>, string]>([
  ["exits", { status: "exited", exitCode: 3 }, `ended with exit code 3 ${ended}`],
  ["is about to restart", { status: "restarting", exitCode: 1 }, `ended with exit code 1 ${ended}`],
  ["is killed for its memory", { status: "exited", exitCode: 137, oomKilled: true }, `ran out of memory ${ended}`],
])("a container that %s ends the wait at once, with its last lines", async (_, state, message) => {
  const calls = engine({ containers: () => all((id) => (id === "w1" ? state : {})) });
  const error = String(await wait());
  expect(error).toContain(`container worker-1 ${message}`);
  expect(error).toContain("Its last lines:\n    last line of w1\n    and its error");
  expect(calls.commands).toEqual([
    ["inspect", "m", "w1", "w2", "i", "h"],
    ["logs", "--tail", "20", "w1"],
  ]);
});

test("a container that somebody paused is named, with the command", async () => {
  engine({ containers: () => all((id) => (id === "w1" ? { status: "paused" } : {})) });
  expect(String(await wait())).toContain("container worker-1 is paused: docker --host ssh://server unpause worker-1");
});

test.each([
  ["between two looks is a failure, though it runs again", [0, 0, 1], "container master ended with exit code 1"],
  ["long ago is none", [5, 5, 5], "after 10 s"],
])("a container that restarted %s", async (_, restarts, message) => {
  const looks = [...restarts];
  const restarted = () => ({ restarts: looks.length > 1 ? looks.shift() : looks[0], exitCode: 1 });
  engine({ containers: () => all((id) => (id === "m" ? restarted() : {})), exec: () => "" });
  expect(String(await wait())).toContain(message);
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
