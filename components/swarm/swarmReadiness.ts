import * as pulumi from "@pulumi/pulumi";

import { ExpectedOnSwarm, waitUntilSwarmReady } from "../../engine/swarm";

/** The arguments of {@link SwarmReadiness}: the fields of `ExpectedOnSwarm` as inputs. */
export type SwarmReadinessArgs = { readonly [K in keyof ExpectedOnSwarm]: pulumi.Input<ExpectedOnSwarm[K]> };

/** Waits whenever a service or the gateway changed. A failed wait is not recorded in the state, so the next `up` waits again. */
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

/** Readiness of the whole cluster: created once all services have converged and all workers are registered. */
export class SwarmReadiness extends pulumi.dynamic.Resource {
  constructor(name: string, args: SwarmReadinessArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, args, opts, "spark-cluster", "SwarmReadiness");
  }
}
