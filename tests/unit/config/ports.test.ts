import { problemsOf, source } from "../helpers/stackConfig";

const holding = (...taken: number[]) => ({
  portHolder: (port: number) => (taken.includes(port) ? "container web of stack other" : undefined),
});

test("a port that is taken is said with its key, its holder and the next free one", () => {
  expect(problemsOf(source({}, holding(8888, 8889)))).toEqual([
    {
      key: "ports.jupyterlab",
      value: "8888",
      allowed: "a free port: this one is held by container web of stack other",
      mend: "pulumi config set --path ports.jupyterlab 8890",
    },
  ]);
});

test("the port that is suggested is not the stack's other one", () => {
  const [problem] = problemsOf(source({ ports: { jupyterlab: 8079 } }, holding(8079)));
  expect(problem?.mend).toBe("pulumi config set --path ports.jupyterlab 8081");
});

test("two ports that are taken get two suggestions", () => {
  const problems = problemsOf(source({ ports: { jupyterlab: 9000, sparkUi: 9001 } }, holding(9000, 9001)));
  expect(problems.map(({ key }) => key)).toEqual(["ports.jupyterlab", "ports.sparkUi"]);
  expect(new Set(problems.map(({ mend }) => mend.replace(/.* /, ""))).size).toBe(2);
});

test("the holder is asked for the address that is bound", () => {
  const portHolder = jest.fn(() => undefined);
  expect(problemsOf(source({ bindAddress: "10.0.0.1" }, { portHolder }))).toEqual([]);
  expect(portHolder.mock.calls).toEqual([
    [8888, "10.0.0.1"],
    [8080, "10.0.0.1"],
    [18080, "10.0.0.1"],
  ]);
});

test("a port that is not published may be anybody's", () => {
  expect(problemsOf(source({ historyServer: "false" }, holding(18080)))).toEqual([]);
  expect(problemsOf(source({}, holding(18080))).map(({ key }) => key)).toEqual(["ports.historyServer"]);
});

test("three ports that are one get a port each", () => {
  const problems = problemsOf(source({ ports: { jupyterlab: 9000, sparkUi: 9000, historyServer: 9000 } }));
  expect(problems.map(({ key, mend }) => [key, mend.replace(/.* /, "")])).toEqual([
    ["ports.sparkUi", "9001"],
    ["ports.historyServer", "9002"],
  ]);
});

test("nobody is asked for an address that is none", () => {
  const portHolder = jest.fn(() => "somebody");
  expect(problemsOf(source({ bindAddress: "here" }, { portHolder })).map(({ key }) => key)).toEqual(["bindAddress"]);
  expect(portHolder).not.toHaveBeenCalled();
});

test.each([
  ["taken", { ports: { jupyterlab: 65535 } }, holding(65535)],
  ["given twice", { ports: { jupyterlab: 65535, sparkUi: 65535 } }, {}],
])("the last port of all, %s, suggests one that exists", (_, written, rest) => {
  for (const problem of problemsOf(source(written, rest))) {
    const suggested = Number(problem.mend.replace(/.* /, ""));
    expect(suggested).toBeGreaterThan(0);
    expect(suggested).toBeLessThan(65535);
  }
});

test("Spark Connect's port is asked for where it is published: on the machine itself, if there is such a server", () => {
  const portHolder = jest.fn(() => undefined);
  const written = { bindAddress: "10.0.0.1", historyServer: "false" };
  expect(problemsOf(source({ ...written, sparkConnect: "true" }, { portHolder }))).toEqual([]);
  expect(portHolder.mock.calls).toEqual([
    [8888, "10.0.0.1"],
    [8080, "10.0.0.1"],
    [15002, "127.0.0.1"],
  ]);
});
