import { stringify } from "dot-properties";

import { ClusterConfig } from "../config/clusterConfig";
import { formatMemory } from "../config/memory";
import { coresPerSession } from "../config/sizes";

/** The file that spark-submit, and so every driver, reads in SPARK_CONF_DIR. */
export const propertiesFile = "spark-defaults.conf";

/** Where drivers, executors and users share files. */
export const workspacePath = "/opt/workspace";

/** The master, as every container of a stack knows it. */
export const masterUrl = "spark://spark-master:7077";

/** A properties file as Java reads it, one setting a line. */
function propertiesText(properties: Readonly<Record<string, string>>): string {
  return stringify(properties, { lineWidth: null });
}

/** What all parts of one cluster have to agree on. */
function commonProperties(uiUrl: string, rpcSecret: string): Record<string, string> {
  return {
    "spark.authenticate": "true",
    "spark.authenticate.secret": rpcSecret,
    "spark.network.crypto.enabled": "true",
    "spark.network.crypto.authEngineVersion": "2",
    // A kill link is a plain POST that any page in the same browser may send.
    "spark.ui.killEnabled": "false",
    "spark.ui.reverseProxy": "true",
    "spark.ui.reverseProxyUrl": uiUrl,
  };
}

/** The properties of the master and of the workers. */
export function daemonProperties(uiUrl: string, rpcSecret: string): string {
  return propertiesText({
    ...commonProperties(uiUrl, rpcSecret),
    // Submission over REST knows no authentication.
    "spark.master.rest.enabled": "false",
  });
}

/** The properties of every driver. Those of the person win over what is computed, and never over what closes the doors. */
export function driverProperties(config: ClusterConfig, uiUrl: string, rpcSecret: string): string {
  const { sizes } = config;
  return propertiesText({
    "spark.master": masterUrl,
    "spark.driver.bindAddress": "0.0.0.0",
    "spark.driver.host": "jupyterlab",
    "spark.driver.memory": formatMemory(sizes.driverMemory),
    "spark.executor.cores": String(sizes.executorCores),
    "spark.executor.memory": formatMemory(sizes.executorMemory),
    "spark.executor.pyspark.memory": formatMemory(sizes.pythonMemory),
    "spark.cores.max": String(coresPerSession(sizes)),
    "spark.sql.warehouse.dir": `file://${workspacePath}/spark-warehouse`,
    ...config.sparkProperties,
    ...commonProperties(uiUrl, rpcSecret),
  });
}
