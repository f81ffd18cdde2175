import { podman } from "../../testbed/engines/here";
import { Life } from "../helpers/life";
import { nothingNew } from "../promises/changes";
import { failedUps } from "../promises/failures";
import { removedImage } from "../promises/jupyterLabImage";
import { killedBuild, noProcessLeft } from "../promises/killedRuns";
import { neighbourLives, neighbours } from "../promises/neighbours";
import { keptData } from "../promises/purge";

describe("a longer life of a cluster on Podman", () => {
  const life = new Life({ engine: podman, config: { workers: "1" } });
  killedBuild(life, { thenUp: true });
  nothingNew(life);
  removedImage(life);
  failedUps(life);
  const other = neighbours(life);
  keptData(life);
  neighbourLives(life, other);
  noProcessLeft(life);
});
