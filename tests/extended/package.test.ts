import { Life } from "../helpers/life";
import { packaged } from "../promises/packaged";

describe("the npm package, in a program elsewhere", () => {
  packaged(new Life({}, () => undefined)); // its stack gives the commands their environment, and never comes up
});
