import * as crypto from "crypto";

import * as pulumi from "@pulumi/pulumi";

import { Engine } from "../engine/engine";
import { Label, makeVolume, markOfVolume, removeVolume, writeVolume } from "../engine/volumes";
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
type State = Pick<Inputs, "engine" | "volume" | "revision">;

const provider: pulumi.dynamic.ResourceProvider<Inputs, State> = {
  async create(inputs) {
    const { engine, volume, labels, revision } = inputs;
    const mark = crypto.randomBytes(8).toString("hex");
    makeVolume(engine, volume, mark, labels);
    await writeVolume(engine, inputs);
    return { id: mark, outs: { engine, volume, revision } };
  },
  async diff(_id, olds, news) {
    const replaces = olds.volume === news.volume ? [] : ["volume"];
    return { changes: olds.revision !== news.revision || replaces.length > 0, replaces };
  },
  async update(_id, { engine, volume }, news) {
    await writeVolume(engine, news);
    return { outs: { engine, volume, revision: news.revision } };
  },
  /** If somebody removed the volume, its files are lost, even if a new volume has the same name. The mark tells them apart. */
  async read(id, props) {
    return props !== undefined && markOfVolume(props.engine, props.volume) === id ? { id, props } : {};
  },
  async delete(_id, { engine, volume }) {
    removeVolume(engine, volume);
  },
};

/**
 * A volume with files. A short-lived container reads them from its standard input, so no secret is in a command line, an
 * environment variable or an `inspect`. The volume is deleted with the stack.
 */
export class FilledVolume extends OwnResource {
  declare public readonly volume: pulumi.Output<string>;
  /** The revision of the files that are on the volume. */
  declare public readonly revision: pulumi.Output<string>;

  constructor(name: string, args: InputsOf<Inputs>, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args }, { ...opts, deleteBeforeReplace: true }, "FilledVolume");
  }
}
