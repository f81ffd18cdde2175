import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { labelsOf, nameOnEngine, Owner } from "./names";

export interface ClusterNetworkArgs {
  readonly owner: Owner;
}

/** The network that all containers of the stack join, and nothing else. */
export class ClusterNetwork extends pulumi.ComponentResource {
  public readonly name: pulumi.Output<string>;

  constructor(name: string, args: ClusterNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:network:ClusterNetwork", name, {}, opts);
    const network = new docker.Network(
      `${name}-network`,
      { name: nameOnEngine(args.owner.stack, "network"), driver: "bridge", labels: labelsOf(args.owner) },
      // The name is fixed, so two of them cannot stand side by side while one replaces the other.
      { parent: this, deleteBeforeReplace: true },
    );
    this.name = network.name;
    this.registerOutputs({ name: this.name });
  }
}
