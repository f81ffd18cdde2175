import childProcess from "node:child_process";

import { PidsLimit } from "../../../components/pidsLimit";
import { StageBuild } from "../../../components/stageBuild";
import { Readiness } from "../../../components/readiness";
import { SwarmReadiness } from "../../../components/swarm/swarmReadiness";
import { Expected } from "../../../engine/readiness";
import { ExpectedOnSwarm } from "../../../engine/swarm";
import { roles } from "../../../roles";
import { fakeClient, refusing } from "../helpers/client";
import { fakeEngine, FakeTask } from "../helpers/engine";
import { providerOf, run } from "../helpers/mocks";

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

describe("a stage of an image", () => {
  const recipe = {
    context: "images/lab",
    buildArgs: { BASE: "base:1" },
    secrets: [{ id: "sources", src: ".build/dev/sources" }],
  };
  const inputs = { engine, image: "lab:1", stage: "environment", recipe, content: "0123" };
  const program = () => new StageBuild("stage", inputs);
  const options = [...["--build-arg", "BASE=base:1"], ...["--secret", "id=sources,src=.build/dev/sources"]];
  const look = ["image", "inspect", "--format", "{{.Id}}", "lab:1"];

  test("is built into the cache when its image is not there; a failure is the image's to report", async () => {
    const { commands } = fakeClient(refusing("no such image"));
    jest.spyOn(childProcess, "spawnSync").mockReturnValue({ status: 0, stdout: "Docker version 20.10.24" } as never);
    const { create, diff } = await providerOf<typeof inputs, typeof inputs>(program);
    expect(await create(inputs)).toEqual({ id: "built", outs: inputs });
    const build = ["build", "--output", "type=cacheonly", ...options, "--target", "environment", "images/lab"];
    expect(commands()).toEqual([look, build]);
    expect(await diff("built", inputs, { ...inputs, content: "4567" })).toEqual({ changes: true });
    expect(await diff("built", inputs, { ...inputs, image: "lab:2" })).toEqual({ changes: false });
  });

  test("of an image that is there is not built", async () => {
    const { commands } = fakeClient("echo sha256:1");
    const { create } = await providerOf<typeof inputs, typeof inputs>(program);
    await create(inputs);
    expect(commands()).toEqual([look]);
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

  test.each(["cannot update a stopped container: unknown", "runc did not terminate successfully: container not running"])(
    "waits for the next up if a container ends again and again: %s",
    async (refused) => {
      fakeClient(`echo 'Error response from daemon: Cannot update container w: ${refused}' >&2; exit 1`);
      const { create } = await providerOf<typeof inputs, typeof inputs>(program);
      await expect(create(inputs)).rejects.toThrow(/^a container does not stay up.*The next `pulumi up` sets it\.$/);
    },
  );
});
