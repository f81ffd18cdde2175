import * as pulumi from "@pulumi/pulumi";

import { OwnResource } from "./ownResource";

/** The arguments of a resource whose inputs are `T`. */
export type InputsOf<T> = { readonly [K in keyof T]: pulumi.Input<T[K]> };

/**
 * A class of resources that do something on the engine: when one is created, and again when a watched input changes. A failed action is
 * not recorded in the state, so the next `up` does it again.
 *
 * The action is about all containers of a cluster. The resource waits for them, but the state has it as a dependent of none:
 * `pulumi destroy --target` of one container, with its dependents, leaves it alone. As a dependent it made Pulumi 3.259 end that
 * command with `unknown provider`, because its provider is another one than the container's.
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
      const inputs = Object.entries<pulumi.Input<unknown>>(args).map(([key, value]) => [key, withoutDependencies(value)]);
      super(provider, name, Object.fromEntries(inputs) as pulumi.Inputs, opts, type);
    }
  };
}

/** The value, without the resources that an output comes from. */
async function withoutDependencies<T>(input: pulumi.Input<T>): Promise<unknown> {
  let value: unknown = pulumi.unknown;
  // The function is not called if the value is unknown, as in a preview. isSecret waits for the output in both cases.
  const isSecret = await pulumi.isSecret(pulumi.output(input).apply((known) => (value = known)));
  return isSecret ? pulumi.secret(value) : value;
}
