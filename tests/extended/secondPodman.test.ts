import { statSync } from "node:fs";

import { planImages } from "../../images/plan";
import { podman } from "../../testbed/engines/here";
import { startRootlessPodman, stopRootlessPodmans } from "../../testbed/engines/rootlessPodman";
import { startPodman, stopPodmans } from "../../testbed/engines/secondPodman";
import { Registry } from "../../testbed/servers/registry";
import { clusterConfig } from "../../testbed/stackConfig";
import { CompanyLife } from "../helpers/companyLife";
import { Life } from "../helpers/life";
import { shared } from "../helpers/notRun";
import { company } from "../promises/company";
import { keptInRegistry, published, UserLife } from "../promises/published";
import { hostFolders, makeHostFolders, removeHostFolders, workspaceFolder } from "../promises/workspaceFolder";

const plan = planImages(clusterConfig().images);

describe("a second Podman engine", () => {
  // These two have all that an engine does in its own way.
  const life = new CompanyLife(startPodman, ["base", "spark-base"]);
  company(life, (stack) => stack.buildImages(...life.images));
});

describe("a Podman engine without root", () => {
  const publisher = new Life({ engine: podman }, () => undefined);
  const folders = shared("the user's folders", async () => {
    const engine = await startRootlessPodman();
    const { uid } = statSync(engine.host.replace("unix://", ""));
    return { engine, ...makeHostFolders(hostFolders(uid)) };
  });
  const user = new UserLife(publisher, async () => {
    const { engine, config } = await folders();
    return { engine, config: { ...config, workers: "1" } };
  });
  const registry = shared("the registry", () => Registry.start());
  const publication = { publisher, user, registry, plan: () => plan };
  published(publication);
  workspaceFolder(user, folders);
  keptInRegistry(publication);
});

afterAll(async () => {
  removeHostFolders();
  await stopPodmans();
  await stopRootlessPodmans();
  await Registry.stopAll();
});
