import * as pulumi from "@pulumi/pulumi";

import { ExpectedOnSwarm, waitUntilSwarmReady } from "../../engine/swarm";
import { Action, actionProvider, InputsOf } from "../actionProvider";

const provider = actionProvider("ready", ["services", "gateway"], waitUntilSwarmReady);

/** Readiness of the whole cluster: created once all services have converged and all workers are registered. */
export class SwarmReadiness extends Action<ExpectedOnSwarm> {
  constructor(name: string, args: InputsOf<ExpectedOnSwarm>, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, args, opts, "SwarmReadiness");
  }
}
