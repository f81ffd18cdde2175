import * as pulumi from "@pulumi/pulumi";

import { Engine } from "../engine/engine";
import { buildImage, hasImage, Recipe } from "../engine/builds";
import { Login, pullImage } from "../engine/images";
import { InputsOf } from "./actionResource";
import { OwnResource } from "./ownResource";

/** How the engine gets an image: by a build, or from a registry. */
export type Way = { readonly build: Omit<Recipe, "reference"> } | { readonly pull: Login };

interface Inputs {
  readonly engine: Engine;
  readonly reference: string;
  readonly way: Way;
}

type State = Pick<Inputs, "engine" | "reference">;

const provider: pulumi.dynamic.ResourceProvider<Inputs, State> = {
  async create({ engine, reference, way }) {
    if ("pull" in way) {
      await pullImage(engine, reference, way.pull);
    } else if (!hasImage(engine, reference)) {
      await buildImage(engine, { ...way.build, reference });
    }
    return { id: reference, outs: { engine, reference } };
  },
  /** The reference identifies the image's content. Another login or mirror does not change the image. */
  async diff(_id, olds, news) {
    return olds.reference === news.reference ? { changes: false } : { changes: true, replaces: ["reference"] };
  },
  async read(id, props) {
    return props !== undefined && hasImage(props.engine, props.reference) ? { id, props } : {};
  },
};

/**
 * An image that the engine's own client builds or pulls, because the provider passes no secrets to Podman's builds and does not
 * report why a pull failed. Deleting this resource keeps the image: other stacks may use it.
 */
export class SuppliedImage extends OwnResource {
  constructor(name: string, args: InputsOf<Inputs>, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args, way: pulumi.secret(args.way) }, opts, "SuppliedImage");
  }
}
