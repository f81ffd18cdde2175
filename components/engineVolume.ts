import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { labelsOf, volumeNameOf } from "./names";
import { VolumeArgs } from "./target";

/** A volume of one engine. A kept one outlives the stack. An existing volume of its name is taken over. */
export function engineVolume(
  name: string,
  { owner, part, kind, ...of }: Omit<VolumeArgs, "containerPath">,
  parent: pulumi.Resource,
): docker.Volume {
  return new docker.Volume(
    name,
    { name: volumeNameOf(owner, part, of), labels: labelsOf(owner) },
    {
      ...{ parent, retainOnDelete: kind === "kept", deleteBeforeReplace: kind !== "kept" },
      ignoreChanges: ["labels", "driverOpts"], // an existing volume is never replaced for these
    },
  );
}
