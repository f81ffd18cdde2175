import fc from "fast-check";

import { RoleName } from "../../../roles/names";
import { source, Written } from "../../../testbed/stackConfig";
import { expectFixed, fixed, problemsOf } from "../helpers/problems";

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

describe("an address that the engine's machine", () => {
  const rest = { addresses: ["127.0.0.1", "::1", "10.0.0.2", "192.168.1.20", "2001:db8::2"] };

  test.each([
    ["192.168.1.21", "192.168.1.20"],
    ["2001:db8::3", "2001:db8::2"],
  ])("does not have is refused with those that it has: %s", (bindAddress, nearest) => {
    const allowed =
      "an address that the engine's machine has: 10.0.0.2, 192.168.1.20, 2001:db8::2, 0.0.0.0 for all, or 127.0.0.1 to keep " +
      "ports closed to others";
    const value = JSON.stringify(bindAddress);
    expectFixed({ bindAddress }, { key: "bindAddress", value, allowed, fix: `pulumi config set bindAddress ${nearest}` }, rest);
  });

  test("does not have may have no other: then only the machine itself reaches the ports", () => {
    const [problem] = problemsOf(source({ bindAddress: "10.0.0.3" }, { addresses: ["127.0.0.1"] }));
    expect(problem?.fix).toBe("pulumi config set bindAddress 127.0.0.1");
  });

  test.each(["10.0.0.2", "127.0.0.1", "127.1.2.3", "::1", "2001:0db8:0::2", "::ffff:10.0.0.2", "0.0.0.0", "::"])(
    "has, in whichever spelling, is taken: %s",
    (bindAddress) => {
      expect(problemsOf(source({ bindAddress }, rest))).toEqual([]);
    },
  );

  test("has is not known of another machine", () => {
    expect(problemsOf(source({ bindAddress: "10.0.0.3" }))).toEqual([]);
  });
});

describe("a port that another container of the cluster holds", () => {
  /** The ports that the running containers of roles publish. */
  const published = (ports: Partial<Record<RoleName, number>>, address = "127.0.0.1") => ({
    ownPorts: Object.entries(ports).map(([role, port]) => ({ port, address, role, container: `its-${role}`, stack: "unit" })),
  });
  const up = published({ jupyterlab: 8888, master: 8080, "history-server": 18080 });
  const onHistory = { historyServer: "false", ports: { jupyterlab: 18080 } };

  test("which is switched off, is given up only after the new container has started: the port comes in a second step", () => {
    expect(problemsOf(source(onHistory, up))).toEqual([
      {
        key: "ports.jupyterlab",
        value: "18080",
        allowed:
          "what no other container of this cluster holds: its-history-server holds 18080, and one up may not release a port before it " +
          "needs it. In two steps",
        fix: "pulumi config set --path ports.jupyterlab 8888 && make up && pulumi config set --path ports.jupyterlab 18080 && make up",
      },
    ]);
  });

  test("is nobody's own before it is free: two pages that swap theirs have others meanwhile, whoever fails to start", () => {
    const swapped = { ports: { jupyterlab: 8080, sparkUi: 8888 } };
    const words = (rest: object) =>
      problemsOf(source(swapped, rest)).map(({ key, fix }) => [key, fix.replace(/pulumi config set --path /g, "")]);
    expect(words(up)).toEqual([
      [
        "ports.jupyterlab, ports.sparkUi",
        "ports.jupyterlab 8081 && ports.sparkUi 8889 && make up && ports.jupyterlab 8080 && ports.sparkUi 8888 && make up",
      ],
    ]);
    expect(words(published({ master: 8080 }))).toEqual([
      ["ports.jupyterlab", "ports.jupyterlab 8081 && make up && ports.jupyterlab 8080 && make up"],
    ]);
  });

  test.each<[string, Record<string, Written>, object]>([
    ["of the page itself", {}, up],
    ["of the gateway of a swarm, which has all of them", onHistory, published({ gateway: 18080 })],
    ["at another address", { ...onHistory, bindAddress: "10.0.0.1" }, published({ "history-server": 18080 })],
    ["of a role that there is no more", onHistory, published({ ["old" as RoleName]: 18080 })],
    ["that is not known", onHistory, {}],
  ])("is no problem if it is %s", (_, written, rest) => {
    expect(problemsOf(source(written, rest))).toEqual([]);
  });

  test("that two pages have is said as that alone, and one at an address that is none not at all", () => {
    expect(suggestions({ ports: { sparkUi: 18080 } }, up)).toEqual([["ports.historyServer", 18081]]);
    expect(problemsOf(source({ ...onHistory, bindAddress: "here" }, up)).map(({ key }) => key)).toEqual(["bindAddress"]);
  });

  test("is free when it is wanted, after the commands, from whichever ports to whichever", () => {
    const pages = { jupyterlab: "jupyterlab", sparkUi: "master", historyServer: "history-server", metrics: "metrics" } as const;
    const written = fc
      .tuple(fc.shuffledSubarray([8080, 8081, 8888, 8889, 9000, 18080], { minLength: 4 }), fc.boolean(), fc.boolean())
      .map(([ports, historyServer, metrics]) => ({
        historyServer: String(historyServer),
        metrics: String(metrics),
        ports: Object.fromEntries(Object.keys(pages).map((key, index) => [key, ports[index]])),
      }));
    /** The ports of the containers after an `up`. */
    const after = ({ ports, ...switches }: Record<string, Written>) =>
      published(
        Object.fromEntries(
          Object.entries(pages)
            .filter(([key]) => (switches as Record<string, unknown>)[key] !== "false")
            .map(([key, role]) => [role, Number((ports as Record<string, unknown>)[key])]),
        ),
      );
    fc.assert(
      fc.property(written, written, (before, wanted) => {
        let state = after(before);
        let left: Record<string, Written> = wanted;
        const [problem, ...others] = problemsOf(source(wanted, state));
        expect(others).toEqual([]);
        for (const command of problem?.fix.split(" && ") ?? []) {
          if (command === "make up") {
            expect(problemsOf(source(left, state))).toEqual([]);
            state = after(left);
          } else {
            left = fixed(left, command);
          }
        }
        expect(problemsOf(source(left, state))).toEqual([]);
        expect(after(left)).toEqual(after(wanted));
      }),
    );
  });
});
