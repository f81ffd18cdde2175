import { TestStack } from "../../testbed/testStack";
import { expectJob } from "../helpers/job";
import { Life } from "../helpers/life";
import { refused } from "../helpers/refused";

const comesUp = "a second stack of the engine shares the images";

/** Brings a second stack up on the life's engine, from its checkout, for {@link neighbourLives}. */
export function neighbours(life: Life): () => TestStack {
  let other: TestStack | undefined;
  life.step(comesUp, async (stack) => {
    other = await TestStack.make({ beside: stack, engine: stack.engine, config: { workers: "1" } });
    await other.bareUp();
    const images = await imagesOf(other);
    expect(Object.keys(images).sort()).toEqual(["catalog", "history-server", "jupyterlab", "master", "worker-1"]);
    expect(await imagesOf(stack)).toMatchObject(images);
  });
  life.step("two stacks cannot have the same port", comesUp, async (stack) => {
    const { port } = new URL((await stack.outputs()).sparkUi);
    expect(await refused(other!, { "ports.sparkUi": port })).toContain(
      `held by container ${stack.nameOf("master")} of stack ${stack.name}`,
    );
  });

  life.step("a stack of the same name but another state is refused", async (stack) => {
    const stranger = await TestStack.make({ engine: stack.engine, config: { workers: "1" }, name: stack.name });
    const { code, output } = await stranger.make("up").finally(() => {
      stranger.abandon();
    });
    expect(code).not.toBe(0);
    expect(output).toContain(`things of a stack named ${stack.name} that was made from another state`);
    await stack.must("status");
  });
  return () => other!;
}

/** After the life's own stack was down. */
export function neighbourLives(life: Life, other: () => TestStack): void {
  life.step("the second stack still runs a job after the first was down, and has no pending changes", comesUp, async () => {
    await other().must("status");
    await expectJob(other());
    expect(await other().pendingChanges()).toBe("");
  });
}

async function imagesOf(stack: TestStack): Promise<Record<string, string>> {
  return Object.fromEntries(Object.entries(await stack.containers()).map(([name, { Image }]) => [name, Image]));
}
