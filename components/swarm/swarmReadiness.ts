import * as pulumi from "@pulumi/pulumi";

import { ExpectedOnSwarm, waitUntilSwarmReady } from "../../engine/swarm";
import { actionProvider, InputsOf } from "../actionProvider";

const provider = actionProvider("ready", ["services", "gateway"], waitUntilSwarmReady);

/** Readiness of the whole cluster: created once all services have converged and all workers are registered. */
export class SwarmReadiness extends pulumi.dynamic.Resource {
  constructor(name: string, args: InputsOf<ExpectedOnSwarm>, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, args, opts, "spark-cluster", "SwarmReadiness");
  }
}
