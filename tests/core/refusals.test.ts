import { Life } from "../helpers/life";
import { hostileConfig } from "../promises/hostileConfig";

describe("a stack that never comes up", () => {
  hostileConfig(new Life({}, () => undefined));
});
