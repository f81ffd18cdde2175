import { speedProperties } from "../../../components/speed";
import { clusterConfig } from "../helpers/stackConfig";

test("drivers and executors map the same archives, by the class path that those were made for, and compile alike", () => {
  const { sizes } = clusterConfig();
  const properties = speedProperties(sizes);
  for (const setting of ["extraClassPath", "defaultJavaOptions"]) {
    expect(properties[`spark.driver.${setting}`]).toMatch(/\/opt\/spark\/archives\//);
    expect(properties[`spark.executor.${setting}`]).toBe(properties[`spark.driver.${setting}`]);
  }
  expect(properties["spark.driver.defaultJavaOptions"]).toContain("-XX:Tier4InvocationThreshold=50000 ");
});

test.each([
  { heap: "479m", simplest: false },
  { heap: "480m", simplest: true },
  { heap: "2047m", simplest: true },
  { heap: "2g", simplest: false },
])("whether a heap of $heap has the simplest collector: $simplest", ({ heap, simplest }) => {
  const small = clusterConfig({ driverMemory: "512m", executorMemory: heap, workerMemory: "4g" });
  const { "spark.executor.defaultJavaOptions": options, "spark.driver.defaultJavaOptions": others } = speedProperties(
    small.sizes,
  );
  expect(options!.includes("-XX:+NeverActAsServerClassMachine")).toBe(simplest);
  expect(others).toContain("-XX:+NeverActAsServerClassMachine");
});
