import { explainDestroy } from "../../../tools/stack/explain";
import { liveCluster } from "../../../tools/stack/liveCluster";
import type { OpenStack } from "../../../tools/stack/openStack";
import { engines } from "../../../testbed/engines/socketsOfRoot";
import { fakeEngine, FakeContainer } from "../helpers/engine";

const container = (name: string, role: string, status: string): FakeContainer => ({
  id: name,
  name,
  status,
  labels: { "spark-cluster.role": role },
});

test("commands reach into the JupyterLab that runs, whatever others a swarm has kept", () => {
  fakeEngine({
    swarm: {},
    containers: () => [
      container("jupyterlab.1.a", "jupyterlab", "exited"),
      container("jupyterlab.1.b", "jupyterlab", "running"),
      container("jupyterlab.1.c", "jupyterlab", "exited"),
    ],
  });
  expect(liveCluster({ name: "dev", engine: engines.docker, isOnSwarm: true }).ide).toBe("jupyterlab.1.b");
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

test("one that has ended is named all the same, for what the client says of it", () => {
  fakeEngine({ containers: () => [container("ide", "jupyterlab", "exited"), container("master", "master", "running")] });
  expect(liveCluster({ name: "dev", engine: engines.docker, isOnSwarm: false }).ide).toBe("ide");
});

test("where there is none, its name says so", () => {
  fakeEngine({ containers: () => [] });
  expect(liveCluster({ name: "dev", engine: engines.docker, isOnSwarm: false }).ide).toBe("(no jupyterlab)");
});
