import type * as pulumi from "@pulumi/pulumi";

import type { SparkCluster } from "./sparkCluster";

/** The name of an output of the component. */
export type OutputName = Exclude<keyof SparkCluster, keyof pulumi.ComponentResource>;

const names: Readonly<Record<OutputName, true>> = {
  ...{ sparkMaster: true, sparkUi: true, historyServer: true, sparkConnect: true, metrics: true, objectStore: true },
  ...{ jupyterlab: true, workers: true },
};

/** The outputs that a cluster has. Pulumi warns about an output without a value, so the others are left out. */
export function outputsOf(cluster: Pick<SparkCluster, OutputName>): pulumi.Inputs {
  return Object.fromEntries(
    (Object.keys(names) as OutputName[]).flatMap((name) => (cluster[name] === undefined ? [] : [[name, cluster[name]]])),
  );
}
