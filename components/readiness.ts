import * as pulumi from "@pulumi/pulumi";

import { Expected, waitUntilReady } from "../engine/readiness";

/** The arguments of {@link Readiness}: the fields of `Expected` as inputs. */
export type ReadinessArgs = { readonly [K in keyof Expected]: pulumi.Input<Expected[K]> };

/** Waits whenever a container was replaced. A failed wait is not recorded in the state, so the next `up` waits again. */
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

/** Readiness of the whole cluster: created once all containers run, all workers are registered and the other roles respond. */
export class Readiness extends pulumi.dynamic.Resource {
  constructor(name: string, args: ReadinessArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, args, opts, "spark-cluster", "Readiness");
  }
}
