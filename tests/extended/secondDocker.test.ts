import { imagesOf } from "../../images/plan";
import { startDocker, stopDockers } from "../../testbed/engines/secondDocker";
import { Registry } from "../../testbed/servers/registry";
import { clusterConfig } from "../../testbed/stackConfig";
import { CompanyLife } from "../helpers/companyLife";
import { shared } from "../helpers/notRun";
import { built, company, companyCluster } from "../promises/company";
import { engineRestart } from "../promises/engineRestart";
import { keptInRegistry, published, publishedByTag, UserLife } from "../promises/published";

/** Alone in its network, so that it keeps its address; it takes the registry's certificate, whosever it is. */
const second = shared("the second engine", () =>
  startDocker({ alone: true, ssh: true, options: ["--insecure-registry=0.0.0.0/0"] }),
);
const registry = shared("the registry", async () => Registry.start({ host: (await second()).address }));

const publisher = new CompanyLife(second, imagesOf(clusterConfig()));

/** On the same engine, once the images are gone that the publisher built there. */
const user = new UserLife(publisher, async (stack) => {
  const ids = (await stack.ask("images", "--quiet", "--filter", "label=spark-cluster.image")).split("\n").filter(Boolean);
  await stack.ask("rmi", "--force", ...new Set(ids));
  return { engine: stack.engine, config: { workers: "1", "extraJars[0]": publisher.network.jar } };
});
const publication = { publisher, user, registry, plan: () => publisher.plan };

afterAll(async () => {
  await Registry.stopAll();
  await stopDockers();
});

describe("a second Docker engine, reached over ssh", () => {
  company(publisher, async (stack) => {
    expect(await stack.up()).toContain("A job ran on all 2 workers and gave the right answer.");
  });
  engineRestart(publisher, built);
  companyCluster(publisher);
  published(publication);
  publishedByTag(publication);
  keptInRegistry(publication);
});
