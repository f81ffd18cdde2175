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

test.each<[string, Readonly<Record<string, string>>, boolean, string]>([
  ["the one that runs, whatever others a swarm has kept", { a: "exited", b: "running", c: "exited" }, true, "b"],
  ["one that has ended, for what the client says of it", { a: "exited" }, false, "a"],
  ["one whose name says that there is none", {}, false, "(no jupyterlab)"],
])("commands reach into the JupyterLab of a cluster: %s", (_, statuses, isOnSwarm, ide) => {
  const containers = Object.entries(statuses).map(([name, status]) => container(name, "jupyterlab", status));
  fakeEngine({ swarm: isOnSwarm ? {} : undefined, containers: () => [...containers, container("m", "master", "running")] });
  expect(liveCluster({ name: "dev", engine: engines.docker, isOnSwarm }).ide).toBe(ide);
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
