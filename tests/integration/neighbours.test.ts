import { once } from "./helpers/testedEngine";
import { TestStack } from "./helpers/testStack";

describe("two stacks side by side", () => {
  let one: TestStack;
  let other: TestStack;

  beforeAll(async () => {
    one = await TestStack.make({ config: { workers: "1" } });
    other = await TestStack.make({ beside: one, config: { workers: "1" } });
    await one.bareUp();
    await other.bareUp();
  });

  afterAll(() => TestStack.destroyAll());

  test("share their images", async () => {
    const images = (containers: Awaited<ReturnType<TestStack["containers"]>>) =>
      Object.fromEntries(Object.entries(containers).map(([name, container]) => [name, container.Image]));
    expect(images(await one.containers())).toEqual(images(await other.containers()));
  });

  once(() => {
    test("cannot have the same port", async () => {
      const { port } = new URL((await one.outputs()).sparkUi);
      const before = await other.pulumi("config", "get", "--path", "ports.sparkUi");
      await other.pulumi("config", "set", "--path", "ports.sparkUi", port);
      const { code, output } = await other.tryPulumi("preview");
      expect(code).not.toBe(0);
      expect(output).toContain(`held by container spark-cluster-${one.name}-master of stack ${one.name}`);
      await other.pulumi("config", "set", "--path", "ports.sparkUi", before.trim());
    });

    test("are told apart by their state, not by their name alone", async () => {
      const stranger = await TestStack.make({ config: { workers: "1" }, name: one.name });
      const { code, output } = await stranger.make("up");
      expect(code).not.toBe(0);
      expect(output).toContain(`things of a stack named ${one.name} that was made from another state`);
      stranger.abandon();
      expect((await one.make("status")).code).toBe(0);
    });
  });

  test("live without each other: one is destroyed, the other goes on", async () => {
    await one.must("down");
    expect(await other.up()).toContain("A job ran on all 1 workers");
    expect(await other.pendingChanges()).toBe("");
  });
});
