import * as docker from "@pulumi/docker";

import { SparkCluster } from "./components/sparkCluster";
import { readStackConfig } from "./config/stackConfig";

const { config, engineHost } = readStackConfig();
const engine = new docker.Provider("engine", { host: engineHost });
const cluster = new SparkCluster("spark", { config, engineHost }, { providers: { docker: engine } });

export const sparkMaster = cluster.masterUrl;
export const sparkUi = cluster.uiUrl;
export const jupyterlab = cluster.jupyterlabUrl;
export const workers = cluster.workers;
