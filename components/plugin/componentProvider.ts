import { createRequire } from "node:module";
import { join } from "node:path";

import { Provider } from "@pulumi/pulumi/provider";

import { tried } from "../../engine/tried";
import { outputsOf } from "../outputs";
import { SparkCluster } from "../sparkCluster";
import { Manifest, packageSchema, token } from "./packageSchema";

/**
 * The provider that makes the component for programs in other languages.
 *
 * @param folder The folder of the program, in which Pulumi starts providers.
 */
export function componentProvider(manifest: Manifest, folder = process.cwd()): Provider {
  return {
    version: manifest.version,
    schema: JSON.stringify(packageSchema(manifest)),
    construct: async (name, type, inputs, options) => {
      if (type !== token) {
        throw new Error(`This package has no resource ${type}, only ${token}.`);
      }
      checkFolder(folder);
      const cluster = new SparkCluster(name, inputs, options);
      return { urn: cluster.urn, state: outputsOf(cluster) };
    },
  };
}

/**
 * Pulumi's provider of dynamic resources looks for the SDK from the program's folder. Without the SDK it ends with a stack trace.
 *
 * @throws an Error if the folder does not have the SDK.
 */
function checkFolder(folder: string): void {
  const fromProgram = createRequire(join(folder, "package.json"));
  if (tried(() => fromProgram.resolve("@pulumi/pulumi/cmd/dynamic-provider")) === undefined) {
    throw new Error(`The package spark-cluster has to be installed in the folder of the program, ${folder}, by npm install.`);
  }
}
