import { Life } from "../helpers/life";
import { killedDaemons } from "../promises/killedDaemons";
import { limits, limitsConfig } from "../promises/limits";
import { lostMaster } from "../promises/lostMaster";
import { ownCatalog } from "../promises/runAgain";
import { hostFolders, makeHostFolders, removeHostFolders, workspaceFolder } from "../promises/workspaceFolder";

describe("a cluster whose daemons die, and whose notebook goes over its limits", () => {
  const folders = hostFolders();
  const life = new Life({ config: { ...limitsConfig, ...folders.config, catalog: "session" } });

  life.step("it comes up", async (stack) => {
    makeHostFolders(folders);
    await stack.bareUp();
  });
  workspaceFolder(life, () => folders);
  ownCatalog(life);
  killedDaemons(life);
  lostMaster(life);
  limits(life); // last: worker-1 keeps its small disk
});

afterAll(removeHostFolders);
