import * as pulumi from "@pulumi/pulumi";

import { Owner } from "./names";
import { Mount, Target } from "./target";

export interface SharedVolumeArgs {
  readonly owner: Owner;
  readonly target: Target;
  /** The last part of the volume's name on the engine. */
  readonly part: string;
  /** The path at which containers mount it. */
  readonly mountPath: string;
}

/** A volume whose data outlives the stack: destroying the stack keeps it, and the next `up` finds it by its name. */
export class SharedVolume extends pulumi.ComponentResource {
  public readonly mount: Mount;

  constructor(name: string, args: SharedVolumeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:storage:SharedVolume", name, {}, opts);
    const { owner, part, mountPath: containerPath } = args;
    this.mount = args.target.keptVolume(`${name}-volume`, { owner, part, containerPath }, this);
    this.registerOutputs({ volumeName: this.mount.volumeName });
  }
}
