import type * as pulumi from "@pulumi/pulumi";

import type { PropertySpec } from "./plugin/packageSchema";
import type { SparkCluster } from "./sparkCluster";

/** The name of an output of the component. */
export type OutputName = Exclude<keyof SparkCluster, keyof pulumi.ComponentResource>;

/** The outputs of the component. */
export const outputs: Readonly<Record<OutputName, PropertySpec>> = {
  sparkMaster: { type: "string", description: "URL of the master for drivers." },
  sparkUi: { type: "string", description: "URL of Spark's UI." },
  historyServer: { type: "string", description: "URL of the history server, if there is one." },
  sparkConnect: { type: "string", description: "URL for Spark Connect clients, with the token, if it is on.", secret: true },
  metrics: { type: "array", items: { type: "string" }, description: "URLs of the metrics, if they are on." },
  objectStore: {
    type: "string",
    description: "Address and keys of the object store as lines of environment variables, if there is one.",
    secret: true,
  },
  jupyterlab: { type: "string", description: "URL of JupyterLab, with the token.", secret: true },
  workers: { type: "array", items: { type: "string" }, description: "Host names of the workers." },
};

/** The outputs that a cluster has. Pulumi warns about an output without a value, so the others are left out. */
export function outputsOf(cluster: Pick<SparkCluster, OutputName>): pulumi.Inputs {
  return Object.fromEntries(
    (Object.keys(outputs) as OutputName[]).flatMap((name) => (cluster[name] === undefined ? [] : [[name, cluster[name]]])),
  );
}
