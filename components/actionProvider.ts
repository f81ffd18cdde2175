import * as pulumi from "@pulumi/pulumi";

import { OwnResource } from "./ownResource";

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

/**
 * A resource with an `actionProvider`, whose action is about all containers of a cluster. It waits for them, but the state has it as a
 * dependent of none: `pulumi destroy --target` of one container, with its dependents, leaves it alone. As a dependent it made Pulumi
 * 3.259 end that command with `unknown provider`, because its provider is another one than the container's.
 */
export abstract class Action<T extends object> extends OwnResource {
  constructor(
    provider: pulumi.dynamic.ResourceProvider<T, T>,
    name: string,
    args: InputsOf<T>,
    opts: pulumi.CustomResourceOptions | undefined,
    type: string,
  ) {
    const inputs: Record<string, Promise<unknown>> = {};
    for (const [key, value] of Object.entries(args as Record<string, pulumi.Input<object>>)) {
      inputs[key] = withoutDependencies(value);
    }
    super(provider, name, inputs, opts, type);
  }
}

/** The value, without the resources that an output comes from. */
async function withoutDependencies<T>(input: pulumi.Input<T>): Promise<unknown> {
  let value: unknown = pulumi.unknown;
  // The function is not called if the value is unknown, as in a preview. isSecret waits for the output in both cases.
  const isSecret = await pulumi.isSecret(pulumi.output(input).apply((known) => (value = known)));
  return isSecret ? pulumi.secret(value) : value;
}
