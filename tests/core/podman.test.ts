import { podman } from "../../testbed/engines/here";
import { Life } from "../helpers/life";
import { fewerWorkers, moreWorkers } from "../promises/changes";
import { editedImage } from "../promises/jupyterLabImage";
import { cleanCheckout, killedStart, noProcessLeft } from "../promises/killedRuns";
import { podmanNetwork } from "../promises/podmanNetwork";
import { keptData, purge } from "../promises/purge";

describe("the life of a cluster on Podman", () => {
  const life = new Life({ engine: podman, config: { workers: "1" } });
  killedStart(life, "run-podman");
  cleanCheckout(life);
  podmanNetwork(life);
  moreWorkers(life);
  fewerWorkers(life);
  editedImage(life);
  keptData(life);
  purge(life);
  noProcessLeft(life);
});
