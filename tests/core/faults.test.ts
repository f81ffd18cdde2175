import { Life } from "../helpers/life";
import { killedDaemons } from "../promises/killedDaemons";
import { limits, limitsConfig } from "../promises/limits";
import { lostMaster } from "../promises/lostMaster";

describe("a cluster whose daemons die, and whose notebook goes over its limits", () => {
  const life = new Life({ config: limitsConfig });

  life.step("it comes up", async (stack) => {
    await stack.bareUp();
  });
  killedDaemons(life);
  lostMaster(life);
  limits(life); // last: worker-1 keeps its small disk
});
