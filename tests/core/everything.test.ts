import { Cluster } from "../helpers/cluster";
import { openSecurityContext } from "../helpers/securityContext";
import { cis } from "../promises/cis";
import { connect } from "../promises/connect";
import { crossSite } from "../promises/crossSite";
import { jupyterDoors } from "../promises/jupyterDoors";
import { metrics } from "../promises/metrics";
import { openPorts } from "../promises/openPorts";
import { secrets, secretsOfJobs } from "../promises/secrets";
import { strangers } from "../promises/strangers";
import { tables } from "../promises/tables";
import { timeZone, zone } from "../promises/timeZone";
import { wire } from "../promises/wire";

describe("a cluster on Docker with Spark Connect, metrics and Iceberg's tables", () => {
  const cluster = new Cluster({ config: { sparkConnect: "true", metrics: "true", tables: "iceberg", timeZone: zone } });

  cluster.test("comes up with make up, whose job runs on all workers", async () => {
    expect(await cluster.up()).toContain("A job ran on all 2 workers");
  });

  connect(cluster, tables(cluster)); // tables come first: their sessions are the catalog's first

  timeZone(cluster);

  metrics(cluster);

  // Its notebook has all that Connect leaves of the workers. The attempts of strangers began with the cluster.
  describe("security", () => {
    const context = openSecurityContext(cluster);
    secrets(cluster, context);
    secretsOfJobs(cluster, context);
    wire(cluster, context);
    crossSite(cluster, context);
    jupyterDoors(cluster, context);
    cis(cluster, context);
    strangers(cluster);
    openPorts(cluster, context); // no stranger's driver has a port any more
  });

  cluster.test("the next up, after a look at the engine, has nothing to do", async (stack) => {
    expect(await stack.pendingChanges()).toBe("");
  });
});
