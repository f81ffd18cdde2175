import * as pulumi from "@pulumi/pulumi";

import { Mount, Target, VolumeArgs } from "./target";

/** A volume whose data outlives the stack: destroying the stack keeps it, and the next `up` finds it by its name. */
export class SharedVolume extends pulumi.ComponentResource {
  public readonly mount: Mount;

  constructor(
    name: string,
    args: Omit<VolumeArgs, "kind"> & { readonly target: Target },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("spark-cluster:storage:SharedVolume", name, {}, opts);
    const { target, ...volume } = args;
    this.mount = target.volume(`${name}-volume`, { ...volume, kind: "kept" }, this);
    this.registerOutputs({ volumeName: this.mount.volumeName });
  }
}
