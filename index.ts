import * as docker from "@pulumi/docker";

import { SparkCluster } from "./components/sparkCluster";
import { withoutTraces } from "./components/traces";
import { readStackConfig } from "./config/stackConfig";

const { config, engine } = readStackConfig();
const provider = new docker.Provider("engine", { host: engine.host });
const cluster = withoutTraces(() => new SparkCluster("spark", { config, engine }, { providers: { docker: provider } }));

// An output without a value is left out, because Pulumi warns about it.
export = {
  sparkMaster: cluster.masterUrl,
  sparkUi: cluster.uiUrl,
  ...(cluster.historyServerUrl !== undefined && { historyServer: cluster.historyServerUrl }),
  ...(cluster.sparkConnectUrl !== undefined && { sparkConnect: cluster.sparkConnectUrl }),
  jupyterlab: cluster.jupyterlabUrl,
  workers: cluster.workers,
};
