import * as pulumi from "@pulumi/pulumi";

import { Expected, waitUntilReady } from "../engine/readiness";

/** The arguments of {@link Readiness}, all of them `Expected` with inputs for values. */
export type ReadinessArgs = { readonly [K in keyof Expected]: pulumi.Input<Expected[K]> };

/** Waits whenever a container is another than before. What failed is in no state, so that the next `up` waits and fails again. */
const provider: pulumi.dynamic.ResourceProvider<Expected, Expected> = {
  async create(inputs) {
    await waitUntilReady(inputs);
    return { id: "ready", outs: inputs };
  },
  async diff(_id, olds, news) {
    return { changes: JSON.stringify([olds.containers, olds.workers]) !== JSON.stringify([news.containers, news.workers]) };
  },
  async update(_id, _olds, news) {
    await waitUntilReady(news);
    return { outs: news };
  },
};

/** The cluster as a whole being of use: it is made when all containers run, all workers are registered and the rest answers. */
export class Readiness extends pulumi.dynamic.Resource {
  constructor(name: string, args: ReadinessArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, args, opts, "spark-cluster", "Readiness");
  }
}
