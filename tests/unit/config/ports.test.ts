import { source, Written } from "../../../testbed/stackConfig";
import { problemsOf } from "../helpers/problems";

const holding = (...taken: number[]) => ({
  portHolder: (port: number) => (taken.includes(port) ? "container web of stack other" : undefined),
});
/** Key and suggested port of each problem. */
const suggestions = (...args: Parameters<typeof source>) =>
  problemsOf(source(...args)).map(({ key, fix }) => [key, Number(fix.replace(/.* /, ""))]);

test("a port that is taken is said with its key, its holder and the next free one", () => {
  expect(problemsOf(source({}, holding(8888, 8889)))).toEqual([
    {
      key: "ports.jupyterlab",
      value: "8888",
      allowed: "a free port: this one is held by container web of stack other",
      fix: "pulumi config set --path ports.jupyterlab 8890",
    },
  ]);
});

test("the port that is suggested is none of the stack's own, nor one that is suggested already", () => {
  expect(suggestions({ ports: { jupyterlab: 8079 } }, holding(8079))).toEqual([["ports.jupyterlab", 8081]]);
  expect(suggestions({ ports: { jupyterlab: 9000, sparkUi: 9001 } }, holding(9000, 9001))).toEqual([
    ["ports.jupyterlab", 9002],
    ["ports.sparkUi", 9003],
  ]);
  expect(suggestions({ ports: { jupyterlab: 9000, sparkUi: 9000, historyServer: 9000 } })).toEqual([
    ["ports.sparkUi", 9001],
    ["ports.historyServer", 9002],
  ]);
});

test.each<[Record<string, Written>, Parameters<typeof source>[1]]>([
  [{ ports: { jupyterlab: 65535 } }, holding(65535)],
  [{ ports: { jupyterlab: 65535, sparkUi: 65535 } }, {}],
])("after the last port of all, one is suggested that exists: %j", (written, rest) => {
  const [[, port] = []] = suggestions(written, rest);
  expect(port).toBeGreaterThan(0);
  expect(port).toBeLessThan(65535);
});

test("a port that is not published may be anybody's, and the same as another", () => {
  expect(suggestions({ historyServer: "false" }, holding(18080))).toEqual([]);
  expect(suggestions({}, holding(18080))).toMatchObject([["ports.historyServer", expect.any(Number)]]);
  const same = { ports: { jupyterlab: 18080, sparkUi: 9095 } };
  expect(suggestions({ ...same, historyServer: "false" })).toEqual([]);
  expect(suggestions(same)).toEqual([["ports.historyServer", 18081]]);
});

test("the holder is asked for the address that is bound, for Spark Connect's on the machine itself, and for none that is no address", () => {
  const askedFor = (written: Readonly<Record<string, Written>>) => {
    const portHolder = jest.fn(() => undefined);
    problemsOf(source(written, { portHolder }));
    return portHolder.mock.calls;
  };
  const open = { bindAddress: "10.0.0.1" };
  const always = [8888, 8080].map((port) => [port, "10.0.0.1"]);
  expect(askedFor(open)).toEqual([...always, [18080, "10.0.0.1"]]);
  expect(askedFor({ ...open, historyServer: "false", sparkConnect: "true" })).toEqual([...always, [15002, "127.0.0.1"]]);
  expect(askedFor({ bindAddress: "here" })).toEqual([]);
});
