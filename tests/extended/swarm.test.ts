import { SwarmLife } from "../helpers/swarmLife";
import { swarmChanges } from "../promises/swarmChanges";
import { swarmDown, swarmServices } from "../promises/swarmServices";
import { swarmStorage } from "../promises/swarmStorage";

describe("a swarm of three engines", () => {
  const life = new SwarmLife();

  swarmServices(life);
  swarmChanges(life);
  swarmStorage(life);
  swarmDown(life);
});
