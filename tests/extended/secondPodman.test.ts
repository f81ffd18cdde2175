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

const plan = planImages(clusterConfig().images);

describe("a second Podman engine", () => {
  // These two have all that an engine does in its own way.
  const life = new CompanyLife(startPodman, ["base", "spark-base"]);
  company(life, (stack) => stack.buildImages(...life.images));
});

describe("a Podman engine without root", () => {
  const publisher = new Life({ engine: podman }, () => undefined);
  const user = new UserLife(publisher, async () => ({ engine: await startRootlessPodman(), config: { workers: "1" } }));
  const registry = shared("the registry", () => Registry.start());
  const publication = { publisher, user, registry, plan: () => plan };
  published(publication);
  keptInRegistry(publication);
});

afterAll(async () => {
  await stopPodmans();
  await stopRootlessPodmans();
  await Registry.stopAll();
});
