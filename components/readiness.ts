import * as pulumi from "@pulumi/pulumi";

import { Expected, waitUntilReady } from "../engine/readiness";
import { Action, actionProvider, InputsOf } from "./actionProvider";

const provider = actionProvider("ready", ["containers", "workers"], waitUntilReady);

/** Readiness of the whole cluster: created once all containers run, all workers are registered and the other roles respond. */
export class Readiness extends Action<Expected> {
  constructor(name: string, args: InputsOf<Expected>, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, args, opts, "Readiness");
  }
}
