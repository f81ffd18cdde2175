import * as pulumi from "@pulumi/pulumi";

import { SwarmReadiness } from "../../../../components/swarm/swarmReadiness";
import { ExpectedOnSwarm } from "../../../../engine/swarm";
import { FakeSwarm, fakeEngine } from "../../helpers/engine";
import { run } from "../../helpers/mocks";

const expected: ExpectedOnSwarm = {
  engine: { kind: "docker", host: "ssh://manager" },
  gateway: "g",
  services: [
    { name: "master", id: "m", role: "master", revision: "1" },
    { name: "worker", id: "w", role: "worker", revision: "1" },
  ],
  workers: 1,
  timeout: 10,
};

const readiness = () => run(() => new SwarmReadiness("ready", { ...expected, services: [...expected.services] }));

async function provider(): Promise<Required<pulumi.dynamic.ResourceProvider>> {
  const { get } = await readiness();
  return get("ready").dynamic as Required<pulumi.dynamic.ResourceProvider>;
}

const registered = JSON.stringify({ workers: [{ host: "10.0.1.5", state: "ALIVE" }] });
const services = () => expected.services.map(({ id, name }) => ({ id, name }));
const running: FakeSwarm = {
  services,
  tasks: () => [
    { id: "t1", service: "m" },
    { id: "t2", service: "w", address: "10.0.1.5/24" },
  ],
};
const failing: FakeSwarm = {
  services,
  // No other service has anything yet: what is not there may be what waits for the one that fails.
  tasks: () => ["t3", "t4"].map((id) => ({ id, service: "w", wanted: "shutdown", state: "failed", error: "exit code 1" })),
};
const logs = () => ({ stdout: "Exception in thread main\n", stderr: "" });

test("what it waits for is its inputs", async () => {
  const { get } = await readiness();
  expect(get("ready")).toMatchObject({ type: "pulumi-nodejs:dynamic/spark-cluster:SwarmReadiness", inputs: expected });
});

test("it is made when the cluster is ready", async () => {
  const calls = fakeEngine({ swarm: running, exec: () => registered });
  const { create } = await provider();
  expect(await create(expected)).toEqual({ id: "ready", outs: expected });
  expect(calls.commands.length).toBeGreaterThan(0);
});

test("a service that does not stay up is an error with its last lines, and nothing is made, so that the next up fails again", async () => {
  fakeEngine({ swarm: failing, exec: () => registered, logs });
  const { create } = await provider();
  const message = /service worker does not stay up: exit code 1[^]*Exception in thread main/;
  await expect(create(expected)).rejects.toThrow(message);
  await expect(create(expected)).rejects.toThrow(message);
});

test("an update waits as well, and fails as well", async () => {
  const { update } = await provider();
  const calls = fakeEngine({ swarm: running, exec: () => registered });
  const news = { ...expected, timeout: 20 };
  expect(await update("ready", expected, news)).toEqual({ outs: news });
  expect(calls.commands.length).toBeGreaterThan(0);
  fakeEngine({ swarm: failing, exec: () => registered, logs });
  await expect(update("ready", expected, news)).rejects.toThrow("Exception in thread main");
});

const [master, worker] = expected.services;

test.each<[string, Partial<ExpectedOnSwarm>, boolean]>([
  ["nothing", {}, false],
  ["a service's id", { services: [master!, { ...worker!, id: "other" }] }, true],
  ["what a service was told", { services: [master!, { ...worker!, revision: "2" }] }, true],
  ["a service more", { services: [master!, worker!, { name: "ide", id: "i", role: "jupyterlab", revision: "1" }] }, true],
  ["the gateway", { gateway: "other" }, true],
  ["the patience", { timeout: 999 }, false],
])("it waits again when this is another: %s", async (_, edit, changes) => {
  const { diff } = await provider();
  expect(await diff("ready", expected, { ...expected, ...edit })).toEqual({ changes });
});
