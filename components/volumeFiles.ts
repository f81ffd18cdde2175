import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { Engine } from "../engine/engine";
import { Label, volumeBirth, writeVolume } from "../engine/volumes";

interface Inputs {
  readonly engine: Engine;
  readonly volume: string;
  readonly image: string;
  readonly labels: readonly Label[];
  readonly files: string;
  readonly revision: string;
}

/** What is kept: not the files, which are secrets, but what tells whether they have to be written again. */
interface State {
  readonly engine: Engine;
  readonly volume: string;
  readonly revision: string;
  /** When the volume was made that they were written to. */
  readonly birth: string;
}

async function write({ engine, volume, image, labels, files, revision }: Inputs): Promise<State> {
  await writeVolume(engine, { volume, image, labels, files });
  return { engine, volume, revision, birth: volumeBirth(engine, volume) ?? "" };
}

const provider: pulumi.dynamic.ResourceProvider<Inputs, State> = {
  async create(inputs) {
    return { id: inputs.volume, outs: await write(inputs) };
  },
  async diff(_id, olds, news) {
    return { changes: olds.revision !== news.revision || olds.volume !== news.volume };
  },
  async update(_id, _olds, news) {
    return { outs: await write(news) };
  },
  /** Files on a volume that somebody removed are gone with it, whatever volume has its name now. */
  async read(id, props) {
    return props !== undefined && volumeBirth(props.engine, props.volume) === props.birth ? { id, props } : {};
  },
};

export interface VolumeFilesArgs {
  readonly engine: Engine;
  readonly volume: pulumi.Input<string>;
  readonly image: pulumi.Input<string>;
  readonly labels: docker.types.input.ContainerLabel[];
  /** File name -> content, as JSON. */
  readonly files: pulumi.Input<string>;
  /** Another one whenever a file is another. */
  readonly revision: pulumi.Input<string>;
}

/** The files on a volume, written through the standard input of a container that ends with it: no secret is in a place to look at. */
export class VolumeFiles extends pulumi.dynamic.Resource {
  constructor(name: string, args: VolumeFilesArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args }, opts, "spark-cluster", "VolumeFiles");
  }
}
