import * as docker from "@pulumi/docker";

import { SparkCluster } from "./components/sparkCluster";
import { readStackConfig } from "./config/stackConfig";

const { config, engine } = readStackConfig();
const provider = new docker.Provider("engine", { host: engine.host });
const cluster = new SparkCluster("spark", { config, engine }, { providers: { docker: provider } });

export const sparkMaster = cluster.masterUrl;
export const sparkUi = cluster.uiUrl;
export const historyServer = cluster.historyServerUrl;
export const sparkConnect = cluster.sparkConnectUrl;
export const jupyterlab = cluster.jupyterlabUrl;
export const workers = cluster.workers;
