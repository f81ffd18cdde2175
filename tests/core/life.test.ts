import { Life } from "../helpers/life";
import { behindProxy } from "../promises/behindProxy";
import { destroyedWorker, fewerWorkers, nothingNew, sessionProperties } from "../promises/changes";
import { configuredPackages } from "../promises/configuredPackages";
import { downAndUp } from "../promises/downAndUp";
import { encryptedAccess } from "../promises/encryptedAccess";
import { failedUps, refusedValues } from "../promises/failures";
import { editedImage, removedImage } from "../promises/jupyterLabImage";
import { cleanCheckout, killedBuild, killedScaling, killedStart, noProcessLeft } from "../promises/killedRuns";
import { neighbourLives, neighbours } from "../promises/neighbours";
import { purge } from "../promises/purge";
import { withoutHistoryServer } from "../promises/withoutHistoryServer";

describe("the life of a cluster", () => {
  const life = new Life({ config: { workers: "1", tls: "generated", workerMemory: "1200m" } });
  killedBuild(life);
  killedStart(life);
  cleanCheckout(life);
  killedScaling(life);
  destroyedWorker(life);
  fewerWorkers(life);
  nothingNew(life);
  sessionProperties(life);
  editedImage(life);
  removedImage(life);
  encryptedAccess(life);
  behindProxy(life); // its up also takes encryptedAccess's last address back
  configuredPackages(life);
  withoutHistoryServer(life); // with the default images again
  failedUps(life); // its last up brings the history server back
  refusedValues(life);
  const other = neighbours(life);
  downAndUp(life);
  neighbourLives(life, other);
  purge(life);
  noProcessLeft(life);
});
