import { GeneratedSecret } from "../../../components/generatedSecret";
import { PidsLimit } from "../../../components/pidsLimit";
import { Readiness } from "../../../components/readiness";
import { StackHome } from "../../../components/stackHome";
import { SwarmReadiness } from "../../../components/swarm/swarmReadiness";
import { Expected } from "../../../engine/readiness";
import { ExpectedOnSwarm } from "../../../engine/swarm";
import { roles } from "../../../roles";
import { fakeClient } from "../helpers/client";
import { fakeEngine, FakeTask } from "../helpers/engine";
import { providerOf, resolved, run } from "../helpers/mocks";

const engine = { kind: "docker", host: "ssh://server" } as const;

describe("a wait", () => {
  const registered = JSON.stringify({ workers: [{ host: "spark-worker-1", state: "ALIVE" }] });
  const logs = () => ({ stdout: "Exception in thread main\n", stderr: "" });
  const container = (id: string, role: "master" | "worker" | "jupyterlab") => ({
    ...{ name: role, id, role, revision: "1" },
    healthcheck: roles[role].healthcheck,
  });
  const things = [container("m", "master"), container("w", "worker")];
  const other = [things[0]!, { ...things[1]!, id: "other" }];
  const more = [...things, container("i", "jupyterlab")];

  const containers: Expected = { engine, containers: things, workers: ["spark-worker-1"], timeout: 10 };
  const containersRun = () => fakeEngine({ containers: () => [{ id: "m" }, { id: "w" }], exec: () => registered });
  const containersEnd = () =>
    fakeEngine({ containers: () => [{ id: "m" }, { id: "w", status: "exited", exitCode: 1 }], exec: () => registered, logs });

  const services: ExpectedOnSwarm = { engine, gateway: "g", services: things, workers: 1, timeout: 10 };
  const swarm = (...tasks: FakeTask[]) =>
    fakeEngine({ swarm: { services: () => things, tasks: () => tasks }, exec: () => registered, logs });
  const servicesRun = () => swarm({ id: "t1", service: "m" }, { id: "t2", service: "w", address: "spark-worker-1/24" });
  // No other service has anything yet: what is not there may be what waits for the one that fails.
  const failed = { service: "w", wanted: "shutdown", state: "failed", error: "exit code 1" };
  const servicesEnd = () => swarm({ ...failed, id: "t3" }, { ...failed, id: "t4" });

  type Edits = readonly (readonly [what: string, edit: object, again: boolean])[];
  const kinds = [
    {
      ...{ kind: "Readiness", expected: containers, runs: containersRun, ends: containersEnd },
      message: /container worker ended with exit code 1[^]*Exception in thread main/,
      edits: [
        ["nothing", {}, false],
        ["a container's id", { containers: other }, true],
        ["a container more", { containers: more }, true],
        ["the workers", { workers: ["spark-worker-1", "spark-worker-2"] }, true],
        ["the patience", { timeout: 999 }, false],
      ] as Edits,
    },
    {
      ...{ kind: "SwarmReadiness", expected: services, runs: servicesRun, ends: servicesEnd },
      message: /service worker does not stay up: exit code 1[^]*Exception in thread main/,
      edits: [
        ["nothing", {}, false],
        ["a service's id", { services: other }, true],
        ["what a service was told", { services: [things[0], { ...things[1], revision: "2" }] }, true],
        ["a service more", { services: more }, true],
        ["the gateway", { gateway: "other" }, true],
        ["the patience", { timeout: 999 }, false],
      ] as Edits,
    },
  ];

  describe.each(kinds)("$kind", ({ kind, expected, runs, ends, message, edits }) => {
    const program = () =>
      "gateway" in expected
        ? new SwarmReadiness("it", { ...expected, services: [...expected.services] })
        : new Readiness("it", { ...expected, containers: [...expected.containers], workers: [...expected.workers] });

    test("has for inputs what it waits for, is made when all is ready, and again by an update", async () => {
      const { get } = await run(program);
      expect(get("it")).toMatchObject({ type: `pulumi-nodejs:dynamic/spark-cluster:${kind}`, inputs: expected });
      const { create, update } = await providerOf<object, object>(program);
      expect(runs().commands).toEqual([]);
      expect(await create(expected)).toEqual({ id: "ready", outs: expected });
      const [calls, news] = [runs(), { ...expected, timeout: 20 }];
      expect(await update("ready", expected, news)).toEqual({ outs: news });
      expect(calls.commands.length).toBeGreaterThan(0);
    });

    test("for what ends is an error with its last lines, and nothing is made, so that the next up fails again", async () => {
      const { create, update } = await providerOf<object, object>(program);
      ends();
      await expect(create(expected)).rejects.toThrow(message);
      await expect(create(expected)).rejects.toThrow(message);
      await expect(update("ready", expected, { ...expected, timeout: 20 })).rejects.toThrow(message);
    });

    test.each(edits)("is made again when this is another: %s", async (_, edit, changes) => {
      const { diff } = await providerOf<object, object>(program);
      expect(await diff("ready", expected, { ...expected, ...edit })).toEqual({ changes });
    });
  });
});

describe("a limit of processes", () => {
  const inputs = { engine, containers: ["m", "w"], limit: 300 };
  const program = () => new PidsLimit("pids", inputs);

  test("is set on all containers when it is made, and when one of them or the number is another", async () => {
    const { commands } = fakeClient("");
    const { create, update, diff } = await providerOf<typeof inputs, typeof inputs>(program);
    expect(await create(inputs)).toEqual({ id: "limited", outs: inputs });
    const news = { ...inputs, limit: 400 };
    expect(await update("limited", inputs, news)).toEqual({ outs: news });
    expect(commands()).toEqual([
      ["update", "--pids-limit", "300", "m", "w"],
      ["update", "--pids-limit", "400", "m", "w"],
    ]);
    expect(await diff("limited", inputs, inputs)).toEqual({ changes: false });
    expect(await diff("limited", inputs, news)).toEqual({ changes: true });
    expect(await diff("limited", inputs, { ...inputs, containers: ["m", "other"] })).toEqual({ changes: true });
  });

  test("that the engine refuses is an error", async () => {
    fakeClient("echo 'no such container' >&2; exit 1");
    const { create } = await providerOf<typeof inputs, typeof inputs>(program);
    await expect(create(inputs)).rejects.toThrow("no such container");
  });
});

describe("a generated secret", () => {
  const program = () => new GeneratedSecret("token", { generation: "1" });
  interface State {
    readonly generation: string;
    readonly value: string;
  }
  const provider = () => providerOf<{ generation: string }, State>(program);

  test("is a secret wherever it goes, and not known to a preview that makes it", async () => {
    const { get, result } = await run(program);
    expect(get("token")).toMatchObject({
      type: "pulumi-nodejs:dynamic/spark-cluster:GeneratedSecret",
      inputs: { generation: "1" },
      options: { additionalSecretOutputs: ["value"] },
    });
    expect(await resolved(result.value)).toEqual({ value: "value of token", known: true, secret: true });
    const preview = await run(program, { preview: true });
    expect(await resolved(preview.result.value)).toMatchObject({ known: false });
  });

  test("is 256 bits, another each time, of which its id, which is no secret, says nothing", async () => {
    const { create } = await provider();
    const all = await Promise.all(Array.from({ length: 20 }, () => create({ generation: "1" })));
    const values = all.map(({ outs }) => outs?.value ?? "");
    expect(values.every((value) => /^[0-9a-f]{64}$/.test(value))).toBe(true);
    expect(new Set(values).size).toBe(20);
    expect(new Set(all.map(({ id }) => id)).size).toBe(20);
    expect(all.filter(({ id }, index) => values[index]?.includes(id))).toEqual([]);
  });

  test("is kept by its generation, whatever else changes, and another one makes it anew", async () => {
    const { diff, update } = await provider();
    const kept = { generation: "1", value: "kept" };
    expect(await diff("id", kept, { generation: "1" })).toEqual({ changes: false });
    expect(await diff("id", kept, { generation: "2" })).toEqual({ changes: true, replaces: ["generation"] });
    expect(await update("id", kept, { generation: "1" })).toEqual({ outs: kept });
  });
});

describe("a stack's home", () => {
  const program = () => new StackHome("home", { host: "ssh://server" });
  const provider = () => providerOf<{ host?: string }, { host: string; id: string }>(program);
  const outs = { host: "ssh://old", id: "abc" };

  test("has the engine for its only input, and an id that tells the stack from others of its name", async () => {
    const { get, result } = await run(program);
    const inputs = { host: "ssh://server" };
    expect(get("home")).toMatchObject({ type: "pulumi-nodejs:dynamic/spark-cluster:StackHome", inputs });
    expect(await resolved(result.id)).toMatchObject({ value: "home-id", known: true });
    const preview = await run(program, { preview: true });
    expect(await resolved(preview.result.id)).toMatchObject({ known: false });
    const { create } = await provider();
    const [one, other] = await Promise.all([create(inputs), create(inputs)]);
    expect(one).toEqual({ id: expect.stringMatching(/^[0-9a-f]{16}$/) as string, outs: { ...inputs, id: one.id } });
    expect(other.id).not.toBe(one.id);
  });

  test("is on no other engine: that is refused, with both engines and what to do", async () => {
    const { diff } = await provider();
    const message = /lives on the engine ssh:\/\/old, .* now names ssh:\/\/new\..*make down first/;
    await expect(diff("abc", outs, { host: "ssh://new" })).rejects.toThrow(message);
  });

  test("changes with nothing else, and keeps engine and id through an update", async () => {
    const { diff, update } = await provider();
    expect(await diff("abc", outs, { host: "ssh://old" })).toEqual({ changes: false });
    expect(await diff("abc", outs, {})).toEqual({ changes: false }); // not known yet
    expect(await update("abc", outs, { host: "ssh://old" })).toEqual({ outs });
  });
});
