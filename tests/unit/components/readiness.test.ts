import * as pulumi from "@pulumi/pulumi";

import { Readiness } from "../../../components/readiness";
import { Expected } from "../../../engine/readiness";
import { fakeEngine } from "../helpers/engine";
import { run } from "../helpers/mocks";

const expected: Expected = {
  engine: { kind: "docker", host: "ssh://server" },
  containers: [
    { name: "master", id: "m", role: "master" },
    { name: "worker-1", id: "w", role: "worker" },
  ],
  workers: ["spark-worker-1"],
  timeout: 10,
};

async function provider(): Promise<Required<pulumi.dynamic.ResourceProvider>> {
  const { get } = await run(
    () => new Readiness("ready", { ...expected, containers: [...expected.containers], workers: [...expected.workers] }),
  );
  return get("ready").dynamic as Required<pulumi.dynamic.ResourceProvider>;
}

const registered = JSON.stringify({ workers: [{ host: "spark-worker-1", state: "ALIVE" }] });
const running = [{ id: "m" }, { id: "w" }];
const exited = [{ id: "m" }, { id: "w", status: "exited", exitCode: 1 }];
const logs = () => ({ stdout: "Exception in thread main\n", stderr: "" });

test("what it waits for is its inputs", async () => {
  const { get } = await run(
    () => new Readiness("ready", { ...expected, containers: [...expected.containers], workers: [...expected.workers] }),
  );
  expect(get("ready")).toMatchObject({ type: "pulumi-nodejs:dynamic/spark-cluster:Readiness", inputs: expected });
});

test("it is made when the cluster is ready", async () => {
  const calls = fakeEngine({ containers: () => running, exec: () => registered });
  const { create } = await provider();
  expect(await create(expected)).toEqual({ id: "ready", outs: expected });
  expect(calls.commands.length).toBeGreaterThan(0);
});

test("a container that exits is an error with its last lines, and nothing is made, so that the next up fails again", async () => {
  fakeEngine({ containers: () => exited, exec: () => registered, logs });
  const { create } = await provider();
  const message = /container worker-1 ended with exit code 1[^]*Exception in thread main/;
  await expect(create(expected)).rejects.toThrow(message);
  await expect(create(expected)).rejects.toThrow(message);
});

test("an update waits as well, and fails as well", async () => {
  const { update } = await provider();
  const calls = fakeEngine({ containers: () => running, exec: () => registered });
  const news = { ...expected, timeout: 20 };
  expect(await update("master", expected, news)).toEqual({ outs: news });
  expect(calls.commands.length).toBeGreaterThan(0);
  fakeEngine({ containers: () => exited, exec: () => registered, logs });
  await expect(update("master", expected, news)).rejects.toThrow("Exception in thread main");
});

test.each<[string, Partial<Expected>, boolean]>([
  ["nothing", {}, false],
  [
    "a container's id",
    {
      containers: [
        { name: "master", id: "other", role: "master" },
        { name: "worker-1", id: "w", role: "worker" },
      ],
    },
    true,
  ],
  ["a container more", { containers: [...expected.containers, { name: "worker-2", id: "w2", role: "worker" }] }, true],
  ["the workers", { workers: ["spark-worker-1", "spark-worker-2"] }, true],
  ["the patience", { timeout: 999 }, false],
])("it waits again when this is another: %s", async (_, edit, changes) => {
  const { diff } = await provider();
  expect(await diff("master", expected, { ...expected, ...edit })).toEqual({ changes });
});
