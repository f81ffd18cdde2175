import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { labelsOf, nameOnEngine, Owner } from "./names";

/** What a network is where it is made. */
export interface NetworkKind extends Pick<docker.NetworkArgs, "driver" | "attachable" | "options"> {
  /** Inputs that a refresh finds changed although nobody changed them. */
  readonly drift: string[];
}

export interface ClusterNetworkArgs {
  readonly owner: Owner;
  readonly kind: NetworkKind;
}

/** The network that all containers of the stack join, and nothing else. */
export class ClusterNetwork extends pulumi.ComponentResource {
  public readonly name: pulumi.Output<string>;
  /** Another one whenever the network was made anew under its name. */
  public readonly networkId: pulumi.Output<string>;

  constructor(name: string, args: ClusterNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:network:ClusterNetwork", name, {}, opts);
    const { drift, ...kind } = args.kind;
    const network = new docker.Network(
      `${name}-network`,
      { name: nameOnEngine(args.owner.stack, "network"), labels: labelsOf(args.owner), ...kind },
      // The name is fixed, so two of them cannot stand side by side while one replaces the other.
      { parent: this, deleteBeforeReplace: true, ignoreChanges: drift },
    );
    this.name = network.name;
    this.networkId = network.id;
    this.registerOutputs({ name: this.name });
  }
}
