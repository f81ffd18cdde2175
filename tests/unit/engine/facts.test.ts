import { askEngine } from "../../../engine/facts";
import { deadEngine, FakeContainer, fakeEngine } from "../helpers/engine";

test("an engine's memory is told in whole mebibytes, rounded down", () => {
  fakeEngine({ cpus: 3, memory: 2048 * 1024 * 1024 - 1 });
  expect(askEngine("unix:///socket").size).toEqual({ cpus: 3, memory: 2047 });
});

test("an engine without containers publishes nothing, and is not asked about none", () => {
  const calls = fakeEngine();
  expect(askEngine("unix:///socket").publishedPorts).toEqual([]);
  expect(calls.commands.map(([command]) => command)).toEqual(["info", "ps"]);
});

test("a published port is told with its container and its stack", () => {
  fakeEngine({
    containers: (): FakeContainer[] => [
      { id: "1", name: "web", ports: { "80/tcp": [{ HostPort: "8080" }, { HostPort: "8080" }], "443/tcp": null } },
      {
        id: "2",
        name: "spark-cluster-dev-master",
        labels: { "spark-cluster.stack": "dev" },
        ports: { "8080/tcp": [{ HostPort: "8081" }] },
      },
      { id: "3", name: "quiet", labels: {}, ports: null },
    ],
  });
  expect(askEngine("unix:///socket").publishedPorts).toEqual([
    { port: 8080, container: "web", stack: undefined },
    { port: 8080, container: "web", stack: undefined },
    { port: 8081, container: "spark-cluster-dev-master", stack: "dev" },
  ]);
});

test("an engine that does not answer is an error with the client's words", () => {
  deadEngine("Cannot connect");
  expect(() => askEngine("unix:///socket")).toThrow("Cannot connect");
});
