import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { labelsOf, nameOnEngine, Owner } from "./names";
import { localPath } from "./properties";

/** A disk for what goes with a container of Spark, and its place there. `part` is the last word of its name on the engine. */
export function localVolume(
  name: string,
  { owner, part }: { readonly owner: Owner; readonly part: string },
  parent: pulumi.Resource,
): docker.types.input.ContainerVolume {
  const volume = new docker.Volume(
    name,
    { name: nameOnEngine(owner.stack, part), labels: labelsOf(owner) },
    { parent, deleteBeforeReplace: true },
  );
  return { volumeName: volume.name, containerPath: localPath };
}
