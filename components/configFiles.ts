import * as pulumi from "@pulumi/pulumi";

import { computed } from "../config/known";
import { Engine } from "../engine/engine";
import { revisionOf } from "../engine/revision";
import { configPath } from "../engine/volumes";
import { detached } from "./detached";
import { engineVolume } from "./engineVolume";
import { FilledVolume } from "./filledVolume";
import { labelsOf } from "./names";
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
    const { owner, config, images, hostFolders } = args;
    const volumeArgs = { owner, part: `${args.part}-files`, kind: "state", hostFolders, isOfImagesUser: true } as const;
    const { name: volumeName } = engineVolume(`${name}-files`, volumeArgs, this);
    const files = pulumi.secret(pulumi.output(computed(config, args.files)).apply((files) => JSON.stringify(files)));
    const filled = new FilledVolume(
      `${name}-volume`,
      {
        engine: args.engine,
        volume: volumeName,
        // After all images: if one cannot be built, the files stay as they are.
        image: detached(
          images.imageOf("base").imageId,
          images.all.map(({ imageId }) => imageId),
        ),
        labels: pulumi.output(labelsOf(owner)),
        userns: computed(config, ({ folders }) => folders.userns),
        files,
        // The hash may be public: the files contain a 256-bit secret, so nobody can guess the hashed content.
        revision: pulumi.unsecret(files.apply(revisionOf)),
      },
      { parent: this },
    );
    // The revision on the volume, because a targeted `up` of a container does not write the files.
    this.revision = detached(filled.revision);
    // Waits until the files are written, and depends on the volume alone.
    const written = pulumi.all([volumeName, detached("", [filled.revision])]).apply(([known]) => known);
    this.mounts = [{ volumeName: written, containerPath: configPath, readOnly: true }];
    this.registerOutputs({ volumeName });
  }
}
