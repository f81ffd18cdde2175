import { Life } from "../helpers/life";
import { brokenState } from "../promises/brokenState";
import { hostileConfig } from "../promises/hostileConfig";

describe("a stack that never comes up", () => {
  const life = new Life({}, () => undefined);
  hostileConfig(life);
  brokenState(life);
});
