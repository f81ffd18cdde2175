import * as pulumi from "@pulumi/pulumi";

import { Owner } from "./names";
import { Mount, Target } from "./target";

export interface SharedVolumeArgs {
  readonly owner: Owner;
  readonly target: Target;
  /** What it holds, the last word of its name on the engine. */
  readonly part: string;
  /** Where containers see it. */
  readonly mountPath: string;
}

/** A volume whose data outlives the stack: destroying leaves it, and the next `up` finds it by its name. */
export class SharedVolume extends pulumi.ComponentResource {
  public readonly mount: Mount;

  constructor(name: string, args: SharedVolumeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:storage:SharedVolume", name, {}, opts);
    const { owner, part, mountPath: containerPath } = args;
    this.mount = args.target.keptVolume(`${name}-volume`, { owner, part, containerPath }, this);
    this.registerOutputs({ volumeName: this.mount.volumeName });
  }
}
