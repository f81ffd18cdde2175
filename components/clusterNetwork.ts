import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { Dialect } from "./dialect";
import { labelsOf, nameOnEngine, Owner } from "./names";

export interface ClusterNetworkArgs {
  readonly owner: Owner;
  readonly dialect: Dialect;
}

/** The network that all containers of the stack join, and nothing else. */
export class ClusterNetwork extends pulumi.ComponentResource {
  public readonly name: pulumi.Output<string>;
  /** Another one whenever the network was made anew under its name. */
  public readonly networkId: pulumi.Output<string>;

  constructor(name: string, args: ClusterNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:network:ClusterNetwork", name, {}, opts);
    const network = new docker.Network(
      `${name}-network`,
      { name: nameOnEngine(args.owner.stack, "network"), driver: "bridge", labels: labelsOf(args.owner) },
      // The name is fixed, so two of them cannot stand side by side while one replaces the other.
      { parent: this, deleteBeforeReplace: true, ignoreChanges: args.dialect.driftOfNetworks },
    );
    this.name = network.name;
    this.networkId = network.id;
    this.registerOutputs({ name: this.name });
  }
}
