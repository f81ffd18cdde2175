import { engineProvider } from "./components/provider";
import { SparkCluster } from "./components/sparkCluster";
import { withoutTraces } from "./components/traces";
import { readStackConfig } from "./config/stackConfig";

const checked = readStackConfig();
const provider = engineProvider("engine", checked.engine);
const cluster = withoutTraces(() => new SparkCluster("spark", checked, { providers: { docker: provider } }));
const { sparkMaster, sparkUi, historyServer, sparkConnect, metrics, objectStore, jupyterlab, workers } = cluster;

// An output without a value is left out, because Pulumi warns about it.
export = {
  sparkMaster,
  sparkUi,
  ...(historyServer !== undefined && { historyServer }),
  ...(sparkConnect !== undefined && { sparkConnect }),
  ...(metrics !== undefined && { metrics }),
  ...(objectStore !== undefined && { objectStore }),
  jupyterlab,
  workers,
};
