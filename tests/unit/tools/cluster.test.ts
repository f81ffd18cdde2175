import { status } from "../../../tools/commands/status";
import { explainDestroy } from "../../../tools/stack/explain";
import { liveCluster } from "../../../tools/stack/liveCluster";
import type { OpenStack } from "../../../tools/stack/openStack";
import { engines } from "../../../testbed/engines/socketsOfRoot";
import { alive, fakeEngine, FakeContainer } from "../helpers/engine";

const container = (name: string, role: string, status: string): FakeContainer => ({
  id: name,
  name,
  status,
  labels: { "spark-cluster.role": role },
});

test.each<[string, Readonly<Record<string, string>>, boolean, string]>([
  ["the one that runs, whatever others a swarm has kept", { a: "exited", b: "running", c: "exited" }, true, "b"],
  ["one that has ended, for what the client says of it", { a: "exited" }, false, "a"],
  ["one whose name says that there is none", {}, false, "(no jupyterlab)"],
])("commands reach into the JupyterLab of a cluster: %s", (_, statuses, isOnSwarm, ide) => {
  const containers = Object.entries(statuses).map(([name, status]) => container(name, "jupyterlab", status));
  fakeEngine({ swarm: isOnSwarm ? {} : undefined, containers: () => [...containers, container("m", "master", "running")] });
  expect(liveCluster({ name: "dev", engine: engines.docker, isOnSwarm }).ide).toBe(ide);
});

/** What `make status` prints below the containers, and its exit code. */
function statusOf(isOnSwarm: boolean): [string, unknown] {
  const said = jest.spyOn(console, "log").mockReturnValue();
  status({ name: "dev", engine: engines.docker, isOnSwarm } as OpenStack);
  const code = process.exitCode;
  process.exitCode = undefined;
  return [said.mock.calls.slice(1).join("\n"), code];
}

const two = [container("m", "master", "running"), { ...container("w-1", "worker", "running"), hostname: "spark-worker-1" }];

test.each<[string, FakeContainer[], string, number]>([
  ["all is up", [{ ...container("w-2", "worker", "running"), hostname: "spark-worker-2", health: "healthy" }], "", 0],
  [
    "no health check has run yet",
    [{ ...container("w-2", "worker", "running"), hostname: "spark-worker-2", health: "starting" }],
    "",
    0,
  ],
  ["a container is unhealthy", [{ ...container("j", "jupyterlab", "running"), health: "unhealthy" }], "running, unhealthy", 1],
  [
    "a worker is not registered",
    [{ ...container("w-3", "worker", "running"), hostname: "spark-worker-3" }],
    "the master: w-3. make",
    1,
  ],
  ["a worker has ended", [{ ...container("w-3", "worker", "exited"), hostname: "spark-worker-3" }], "exited", 1],
])("make status: %s", (_, others, words, code) => {
  fakeEngine({ containers: () => [...two, ...others], exec: () => alive("spark-worker-1", "spark-worker-2") });
  const [said, exitCode] = statusOf(false);
  expect(said).toContain(words);
  expect(said.includes("Not registered")).toBe(words.startsWith("the master"));
  expect(exitCode).toBe(code);
});

test.each([
  ["10.0.1.2", 0],
  ["10.0.1.3", 1],
])("make status on a swarm: the worker at 10.0.1.2, and the master has one at %s", (known, code) => {
  const services = [{ id: "s", name: "dev-worker", role: "worker" }];
  const swarm = { services: () => services, tasks: () => [{ id: "t", service: "s" }] };
  const containers = [container("g", "gateway", "running")];
  fakeEngine({ swarm: { ...swarm, nodes: [] }, containers: () => containers, exec: () => alive(known) });
  const [said, exitCode] = statusOf(true);
  expect(said.includes("Not registered with the master: 10.0.1.2")).toBe(code === 1);
  expect(exitCode).toBe(code);
});

test("a failed destroy names the containers of others on the cluster's network, with the command", () => {
  const said = jest.spyOn(console, "error").mockReturnValue();
  const mine = { ...container("master", "master", "running"), labels: { "spark-cluster.stack": "dev" } };
  const containers = [mine, { id: "grafana", labels: null }];
  fakeEngine({ containers: () => containers, networks: [{ id: "0123456789abcdef", stack: "dev", home: "h" }] });
  explainDestroy({ name: "dev", engine: engines.docker } as OpenStack);
  expect(said.mock.calls.join("\n")).toContain("network disconnect --force 0123456789ab grafana");
  expect(said.mock.calls.join("\n")).not.toContain(" master");
});
