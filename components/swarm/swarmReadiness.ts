import * as pulumi from "@pulumi/pulumi";

import { ExpectedOnSwarm, waitUntilSwarmReady } from "../../engine/swarm";

/** The arguments of {@link SwarmReadiness}, all of them `ExpectedOnSwarm` with inputs for values. */
export type SwarmReadinessArgs = { readonly [K in keyof ExpectedOnSwarm]: pulumi.Input<ExpectedOnSwarm[K]> };

/** Waits whenever a service is another than before. What failed is in no state, so that the next `up` waits and fails again. */
const provider: pulumi.dynamic.ResourceProvider<ExpectedOnSwarm, ExpectedOnSwarm> = {
  async create(inputs) {
    await waitUntilSwarmReady(inputs);
    return { id: "ready", outs: inputs };
  },
  async diff(_id, olds, news) {
    return { changes: JSON.stringify([olds.services, olds.gateway]) !== JSON.stringify([news.services, news.gateway]) };
  },
  async update(_id, _olds, news) {
    await waitUntilSwarmReady(news);
    return { outs: news };
  },
};

/** The cluster as a whole being of use: it is made when all services run as they are wanted, and all workers are registered. */
export class SwarmReadiness extends pulumi.dynamic.Resource {
  constructor(name: string, args: SwarmReadinessArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, args, opts, "spark-cluster", "SwarmReadiness");
  }
}
