import * as pulumi from "@pulumi/pulumi";

import { OwnResource } from "./ownResource";

/** The arguments of a resource whose inputs are `T`. */
export type InputsOf<T> = { readonly [K in keyof T]: pulumi.Input<T[K]> };

/**
 * A class of resources that do something on the engine: when one is created, and again when a watched input changes. A failed action is
 * not recorded in the state, so the next `up` does it again.
 */
export function actionResource<T extends object>(
  type: string,
  { id, watched, act }: { id: string; watched: readonly (keyof T)[]; act: (inputs: T) => Promise<void> | void },
): new (name: string, args: InputsOf<T>, opts?: pulumi.CustomResourceOptions) => OwnResource {
  const provider: pulumi.dynamic.ResourceProvider<T, T> = {
    async create(inputs) {
      await act(inputs);
      return { id, outs: inputs };
    },
    async diff(_id, olds, news) {
      return { changes: watched.some((key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key])) };
    },
    async update(_id, _olds, news) {
      await act(news);
      return { outs: news };
    },
  };
  return class extends OwnResource {
    constructor(name: string, args: InputsOf<T>, opts?: pulumi.CustomResourceOptions) {
      super(provider, name, { ...args }, opts, type);
    }
  };
}
