import * as pulumi from "@pulumi/pulumi";

import { Engine } from "../engine/engine";
import { creationOf, failIfOthersUse, Label, writeVolume } from "../engine/volumes";
import { InputsOf } from "./actionResource";
import { OwnResource } from "./ownResource";

interface Inputs {
  readonly engine: Engine;
  /** Its name on the engine. */
  readonly volume: string;
  /** An image that contains the command `write-config`. */
  readonly image: string;
  readonly labels: readonly Label[];
  /** The mapping of users of the containers that read it; undefined for the engine's own. */
  readonly userns?: string | undefined;
  /** File name -> content, as JSON. */
  readonly files: string;
  /** Changes when any file changes. */
  readonly revision: string;
}

/** The state holds no files, which are secrets, only the revision that shows whether they have to be written again. */
interface State extends Pick<Inputs, "engine" | "volume" | "revision"> {
  /** Tells the volume from later ones of its name. Undefined in older stacks, where this resource was the volume itself. */
  readonly created?: string | undefined;
}

async function fill(inputs: Inputs): Promise<State> {
  const { engine, volume, revision } = inputs;
  await writeVolume(engine, inputs);
  return { engine, volume, revision, created: creationOf(engine, volume) };
}

const provider: pulumi.dynamic.ResourceProvider<Inputs, State> = {
  async create(inputs) {
    failIfOthersUse(inputs.engine, inputs.volume, inputs.labels);
    return { id: inputs.volume, outs: await fill(inputs) };
  },
  async diff(_id, olds, news) {
    return { changes: olds.revision !== news.revision || olds.volume !== news.volume || olds.created === undefined };
  },
  async update(_id, _olds, news) {
    return { outs: await fill(news) };
  },
  /** If somebody removed the volume, its files are lost, even if a new volume has the same name. */
  async read(id, props) {
    return props !== undefined && creationOf(props.engine, props.volume) === props.created ? { id, props } : {};
  },
};

/**
 * The files on a volume. A short-lived container reads them from its standard input, so no secret is in a command line, an
 * environment variable or an `inspect`.
 */
export class FilledVolume extends OwnResource {
  /** The revision of the files that are on the volume. */
  declare public readonly revision: pulumi.Output<string>;

  constructor(name: string, args: InputsOf<Inputs>, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args }, opts, "FilledVolume");
  }
}
