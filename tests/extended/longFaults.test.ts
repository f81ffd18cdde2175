import { imagesOf } from "../../images/plan";
import { clusterConfig } from "../../testbed/stackConfig";
import { TestStack } from "../../testbed/testStack";
import { tell } from "../../testbed/until";
import { Life } from "../helpers/life";
import { daemonsAway } from "../promises/daemonsAway";
import { ends, otherSpark } from "../promises/ends";
import { load } from "../promises/load";

/** Builds the images that {@link ends} needs later, if it can: an up builds those that are missing. */
async function buildOtherSpark(stack: TestStack): Promise<void> {
  try {
    const builder = await TestStack.make({ beside: stack, config: { sparkVersion: otherSpark } });
    await builder.buildImages(...imagesOf(clusterConfig({ catalog: "session" })));
  } catch (error) {
    tell(`Spark ${otherSpark} was not built: ${String(error)}`);
  }
}

describe("a cluster through long faults, load and ends", () => {
  const life = new Life({ config: { driverMemory: "512m", catalog: "session" } });

  life.step("it comes up", async (stack) => {
    await stack.bareUp();
  });
  daemonsAway(life, buildOtherSpark);
  load(life);
  ends(life);
});
