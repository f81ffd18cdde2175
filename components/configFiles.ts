import * as crypto from "crypto";

import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { Engine } from "../engine/engine";
import { configPath } from "../engine/volumes";
import { FilledVolume } from "./filledVolume";
import { ImageHierarchy } from "./imageHierarchy";
import { labelsOf, nameOnEngine, Owner } from "./names";

export interface ConfigFilesArgs {
  readonly owner: Owner;
  readonly engine: Engine;
  /** Whose files they are, the first word of their volume's name. */
  readonly part: string;
  /** File name -> content. */
  readonly files: Readonly<Record<string, pulumi.Input<string>>>;
  readonly images: ImageHierarchy;
}

/**
 * Files for containers whose root is read-only, which the provider cannot upload into. They lie on a small volume of their own, and
 * only the user of the cluster may read them.
 */
export class ConfigFiles extends pulumi.ComponentResource {
  public readonly mount: docker.types.input.ContainerVolume;
  /** Another one whenever a file is another: who carries it as a label is made anew with the files. */
  public readonly revision: pulumi.Output<string>;

  constructor(name: string, args: ConfigFilesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:storage:ConfigFiles", name, {}, opts);
    const volume = nameOnEngine(args.owner.stack, `${args.part}-files`);
    const files = pulumi.secret(pulumi.output(args.files).apply((files) => JSON.stringify(files)));
    // Among the files is a secret of 256 bits, so that nobody guesses what makes up a hash.
    this.revision = pulumi.unsecret(files.apply((text) => crypto.createHash("sha256").update(text).digest("hex").slice(0, 16)));
    new FilledVolume(
      `${name}-volume`,
      {
        engine: args.engine,
        volume,
        image: args.images.base.imageId,
        labels: labelsOf(args.owner),
        files,
        revision: this.revision,
      },
      { parent: this, dependsOn: args.images },
    );
    this.mount = { volumeName: volume, containerPath: configPath, readOnly: true };
    this.registerOutputs({ volumeName: volume });
  }
}
