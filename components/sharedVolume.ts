import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { labelsOf, nameOnEngine, Owner } from "./names";

export interface SharedVolumeArgs {
  readonly owner: Owner;
  /** What it holds, the last word of its name on the engine. */
  readonly part: string;
  /** Where containers see it. */
  readonly mountPath: string;
}

/** A volume whose data outlives the stack: destroying leaves it, and the next `up` finds it by its name. */
export class SharedVolume extends pulumi.ComponentResource {
  public readonly mount: docker.types.input.ContainerVolume;

  constructor(name: string, args: SharedVolumeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:storage:SharedVolume", name, {}, opts);
    const volume = new docker.Volume(
      `${name}-volume`,
      { name: nameOnEngine(args.owner.stack, args.part), labels: labelsOf(args.owner) },
      {
        parent: this,
        retainOnDelete: true,
        ignoreChanges: ["labels", "driverOpts"], // the volume that an earlier `up` made is the one we want
      },
    );
    this.mount = { volumeName: volume.name, containerPath: args.mountPath };
    this.registerOutputs({ volumeName: volume.name });
  }
}
