import * as crypto from "crypto";

import * as pulumi from "@pulumi/pulumi";

interface SecretState {
  generation: string;
  value: string;
}

/** Generates a value once for each generation. An edit of this code, or any other update, keeps the value. */
const provider: pulumi.dynamic.ResourceProvider<{ generation: string }, SecretState> = {
  async create(inputs) {
    const value = crypto.randomBytes(32).toString("hex");
    return { id: crypto.randomBytes(8).toString("hex"), outs: { generation: inputs.generation, value } };
  },
  async diff(_id, olds, news) {
    return olds.generation === news.generation ? { changes: false } : { changes: true, replaces: ["generation"] };
  },
  async update(_id, olds) {
    return { outs: olds };
  },
};

/** 256 random bits as hex digits, generated at the first `up` and kept as a Pulumi secret until `generation` changes. */
export class GeneratedSecret extends pulumi.dynamic.Resource {
  declare public readonly value: pulumi.Output<string>;

  constructor(name: string, args: { readonly generation: pulumi.Input<string> }, opts?: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      { value: undefined, ...args },
      { ...opts, additionalSecretOutputs: ["value"] },
      "spark-cluster",
      "GeneratedSecret",
    );
  }
}
