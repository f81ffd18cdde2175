import * as pulumi from "@pulumi/pulumi";

import { computed } from "../config/known";
import { Engine } from "../engine/engine";
import { configPath } from "../engine/volumes";
import { FilledVolume } from "./filledVolume";
import { labelsOf, nameOnEngine } from "./names";
import { revisionOf } from "../engine/revision";
import { FilesArgs, Mount, RoleFiles } from "./target";

export interface ConfigFilesArgs extends FilesArgs {
  readonly engine: Engine;
}

/**
 * Configuration files on a small volume, because the provider cannot upload into a container with a read-only root. Only the
 * cluster's user may read them.
 */
export class ConfigFiles extends pulumi.ComponentResource implements RoleFiles {
  public readonly mounts: readonly Mount[];
  public readonly secrets = [];
  public readonly revision: pulumi.Output<string>;

  constructor(name: string, args: ConfigFilesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:storage:ConfigFiles", name, {}, opts);
    const volume = nameOnEngine(args.owner.stack, `${args.part}-files`);
    const files = pulumi.secret(pulumi.output(computed(args.config, args.files)).apply((files) => JSON.stringify(files)));
    // The hash may be public: the files contain a 256-bit secret, so nobody can guess the hashed content.
    this.revision = pulumi.unsecret(files.apply(revisionOf));
    new FilledVolume(
      `${name}-volume`,
      {
        engine: args.engine,
        volume,
        image: args.images.imageOf("base").imageId,
        labels: labelsOf(args.owner),
        files,
        revision: this.revision,
      },
      { parent: this, dependsOn: args.images },
    );
    this.mounts = [{ volumeName: volume, containerPath: configPath, readOnly: true }];
    this.registerOutputs({ volumeName: volume });
  }
}
