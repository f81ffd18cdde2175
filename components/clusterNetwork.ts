import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { nameOnEngine, networkPart } from "../engine/names";
import { labelsOf, Owner } from "./names";

/** The network inputs that depend on the target. */
export interface NetworkKind extends Pick<docker.NetworkArgs, "driver" | "attachable" | "options"> {
  /** Inputs that a refresh reports as changed although nobody changed them. */
  readonly drift: string[];
}

export interface ClusterNetworkArgs {
  readonly owner: Owner;
  readonly kind: NetworkKind;
}

/** The network that all containers of the stack join, and no others. */
export class ClusterNetwork extends pulumi.ComponentResource {
  public readonly name: pulumi.Output<string>;
  /** Changes when the network is recreated under the same name. */
  public readonly networkId: pulumi.Output<string>;

  constructor(name: string, args: ClusterNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:network:ClusterNetwork", name, {}, opts);
    const { drift, ...kind } = args.kind;
    const network = new docker.Network(
      `${name}-network`,
      { name: nameOnEngine(args.owner.stack, networkPart), labels: labelsOf(args.owner), ...kind },
      // The name is fixed, so the old network has to be deleted before its replacement is created.
      { parent: this, deleteBeforeReplace: true, ignoreChanges: drift },
    );
    this.name = network.name;
    this.networkId = network.id;
    this.registerOutputs({ name: this.name });
  }
}
