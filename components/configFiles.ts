import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { labelsOf, nameOnEngine, Owner } from "./names";

/** Where every container finds the files of its role; SPARK_CONF_DIR in the images. */
export const configPath = "/etc/spark-cluster";

export interface ConfigFilesArgs {
  readonly owner: Owner;
  /** Whose files they are, the first word of their volume's name. */
  readonly part: string;
  /** File name -> content. */
  readonly files: Readonly<Record<string, pulumi.Input<string>>>;
  /** An image without a USER; nothing of it is ever run. */
  readonly image: pulumi.Input<string>;
}

/**
 * Files for containers whose root is read-only, which the provider cannot upload into. They lie on a small volume that a
 * container fills which is never started; only the user of the cluster may read them.
 */
export class ConfigFiles extends pulumi.ComponentResource {
  public readonly mount: docker.types.input.ContainerVolume;
  /** Another one whenever a file is another: who carries it as a label is made anew with the files. */
  public readonly revision: pulumi.Output<string>;

  constructor(name: string, args: ConfigFilesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:storage:ConfigFiles", name, {}, opts);
    const volume = new docker.Volume(
      `${name}-volume`,
      { name: nameOnEngine(args.owner.stack, `${args.part}-config`), labels: labelsOf(args.owner) },
      { parent: this, deleteBeforeReplace: true },
    );
    const writer = new docker.Container(
      `${name}-writer`,
      {
        name: nameOnEngine(args.owner.stack, `${args.part}-config`),
        image: args.image,
        labels: labelsOf(args.owner),
        command: ["true"], // the engine wants one, though it is never run
        start: false,
        mustRun: false,
        networkMode: "none",
        volumes: [{ volumeName: volume.name, containerPath: configPath }],
        uploads: Object.entries(args.files).map(([file, content]) => ({
          file: `${configPath}/${file}`,
          content: pulumi.secret(content),
          permissions: "0440",
          owner: "1000",
          group: "1000",
        })),
      },
      { parent: this, deleteBeforeReplace: true },
    );
    this.mount = { volumeName: volume.name, containerPath: configPath, readOnly: true };
    this.revision = writer.id;
    this.registerOutputs({ volumeName: volume.name });
  }
}
