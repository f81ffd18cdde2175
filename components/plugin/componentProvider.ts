import { Inputs } from "@pulumi/pulumi";
import { Provider } from "@pulumi/pulumi/provider";

import { SparkCluster } from "../sparkCluster";
import { Manifest, OutputName, outputs, packageSchema, token } from "./packageSchema";

/** The provider that makes the component for programs in other languages. */
export function componentProvider(manifest: Manifest): Provider {
  return {
    version: manifest.version,
    schema: JSON.stringify(packageSchema(manifest)),
    construct: async (name, type, inputs, options) => {
      if (type !== token) {
        throw new Error(`This package has no resource ${type}, only ${token}.`);
      }
      const cluster = new SparkCluster(name, inputs, options);
      return { urn: cluster.urn, state: stateOf(cluster) };
    },
  };
}

/** The outputs that a cluster has. */
function stateOf(cluster: SparkCluster): Inputs {
  const names = Object.keys(outputs) as OutputName[];
  return Object.fromEntries(names.flatMap((name) => (cluster[name] === undefined ? [] : [[name, cluster[name]]])));
}
