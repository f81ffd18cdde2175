import { outputsOf } from "./components/outputs";
import { engineProvider } from "./components/provider";
import { SparkCluster } from "./components/sparkCluster";
import { withoutTraces } from "./components/traces";
import { readStackConfig } from "./config/stackConfig";

const checked = readStackConfig();
const provider = engineProvider("engine", checked.engine);
const cluster = withoutTraces(() => new SparkCluster("spark", checked, { providers: { docker: provider } }));

export = outputsOf(cluster);
