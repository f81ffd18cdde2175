import { liveCluster } from "../../../tools/stack/liveCluster";
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

test("one that has ended is named all the same, for what the client says of it", () => {
  fakeEngine({ containers: () => [container("ide", "jupyterlab", "exited"), container("master", "master", "running")] });
  expect(liveCluster({ name: "dev", engine: engines.docker, isOnSwarm: false }).ide).toBe("ide");
});

test("where there is none, its name says so", () => {
  fakeEngine({ containers: () => [] });
  expect(liveCluster({ name: "dev", engine: engines.docker, isOnSwarm: false }).ide).toBe("(no jupyterlab)");
});
