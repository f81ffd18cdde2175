import * as crypto from "crypto";

import * as pulumi from "@pulumi/pulumi";

import { elsewhere } from "../engine/place";

interface HomeState {
  host: string;
  id: string;
}

/** Keeps the first id through edits of this code, and rejects another engine. */
const provider: pulumi.dynamic.ResourceProvider<{ host: string }, HomeState> = {
  async create(inputs) {
    const id = crypto.randomBytes(8).toString("hex");
    return { id, outs: { host: inputs.host, id } };
  },
  async diff(_id, olds, news: { host?: string }) {
    if (news.host !== undefined && news.host !== olds.host) {
      throw new Error(elsewhere(olds.host, news.host));
    }
    return { changes: false };
  },
  async update(_id, olds) {
    return { outs: olds };
  },
};

/** The engine of a stack, and an id that distinguishes this stack from others of the same name. Neither changes. */
export class StackHome extends pulumi.dynamic.Resource {
  constructor(name: string, args: { readonly host: pulumi.Input<string> }, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, args, opts, "spark-cluster", "StackHome");
  }
}
