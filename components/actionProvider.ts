import * as pulumi from "@pulumi/pulumi";

/** The arguments of a resource whose inputs are `T`. */
export type InputsOf<T> = { readonly [K in keyof T]: pulumi.Input<T[K]> };

/**
 * The provider of a resource that does something on the engine: when it is created, and again when a watched input changes. A failed
 * action is not recorded in the state, so the next `up` does it again.
 */
export function actionProvider<T extends object>(
  id: string,
  watched: readonly (keyof T)[],
  act: (inputs: T) => Promise<void> | void,
): pulumi.dynamic.ResourceProvider<T, T> {
  return {
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
}
