import { podman } from "../../testbed/engines/here";
import { Cluster } from "../helpers/cluster";
import { openSecurityContext } from "../helpers/securityContext";
import { cis } from "../promises/cis";
import { openPorts } from "../promises/openPorts";
import { secrets } from "../promises/secrets";
import { workersPython } from "../promises/workersPython";

describe("a cluster on Podman with Spark Connect and metrics", () => {
  const cluster = new Cluster({ engine: podman, config: { sparkConnect: "true", metrics: "true" } });

  describe("security", () => {
    const context = openSecurityContext(cluster);
    secrets(cluster, context);
    openPorts(cluster, context);
    cis(cluster, context);
  });

  workersPython(cluster);
});
