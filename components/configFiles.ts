import * as pulumi from "@pulumi/pulumi";

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
 * Files for containers whose root is read-only, which the provider cannot upload into. They lie on a small volume of their own, and
 * only the user of the cluster may read them.
 */
export class ConfigFiles extends pulumi.ComponentResource implements RoleFiles {
  public readonly mounts: readonly Mount[];
  public readonly secrets = [];
  public readonly revision: pulumi.Output<string>;

  constructor(name: string, args: ConfigFilesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:storage:ConfigFiles", name, {}, opts);
    const volume = nameOnEngine(args.owner.stack, `${args.part}-files`);
    const files = pulumi.secret(pulumi.output(args.files).apply((files) => JSON.stringify(files)));
    // Among the files is a secret of 256 bits, so that nobody guesses what makes up a hash.
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
