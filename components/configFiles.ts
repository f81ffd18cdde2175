import * as pulumi from "@pulumi/pulumi";

import { computed } from "../config/known";
import { Engine } from "../engine/engine";
import { configPath } from "../engine/volumes";
import { FilledVolume } from "./filledVolume";
import { labelsOf, volumeNameOf } from "./names";
import { revisionOf } from "../engine/revision";
import { FilesArgs, Mount, RoleFiles } from "./target";

/**
 * Configuration files on a small volume, because the provider cannot upload into a container with a read-only root. Only the
 * cluster's user may read them.
 */
export class ConfigFiles extends pulumi.ComponentResource implements RoleFiles {
  public readonly mounts: readonly Mount[];
  public readonly secrets = [];
  public readonly revision: pulumi.Output<string>;

  constructor(name: string, args: FilesArgs & { readonly engine: Engine }, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:storage:ConfigFiles", name, {}, opts);
    const files = pulumi.secret(pulumi.output(computed(args.config, args.files)).apply((files) => JSON.stringify(files)));
    const filled = new FilledVolume(
      `${name}-volume`,
      {
        engine: args.engine,
        volume: volumeNameOf(args.owner, `${args.part}-files`, { hostFolders: args.hostFolders, isOfImagesUser: true }),
        image: args.images.imageOf("base").imageId,
        labels: pulumi.output(labelsOf(args.owner)),
        userns: computed(args.config, ({ folders }) => folders.userns),
        files,
        // The hash may be public: the files contain a 256-bit secret, so nobody can guess the hashed content.
        revision: pulumi.unsecret(files.apply(revisionOf)),
      },
      { parent: this, dependsOn: args.images },
    );
    // The revision on the volume, because a targeted `up` of a container does not write the files.
    this.revision = filled.revision;
    this.mounts = [{ volumeName: filled.volume, containerPath: configPath, readOnly: true }];
    this.registerOutputs({ volumeName: filled.volume });
  }
}
