import * as pulumi from "@pulumi/pulumi";

import { ask } from "../engine/cli";
import { Engine } from "../engine/engine";

interface Limited {
  readonly engine: Engine;
  /** Ids of containers. */
  readonly containers: readonly string[];
  readonly limit: number;
}

function setLimit({ engine, containers, limit }: Limited): void {
  ask(engine, "update", "--pids-limit", String(limit), ...containers);
}

const provider: pulumi.dynamic.ResourceProvider<Limited, Limited> = {
  async create(inputs) {
    setLimit(inputs);
    return { id: "limited", outs: inputs };
  },
  async diff(_id, olds, news) {
    return { changes: JSON.stringify([olds.containers, olds.limit]) !== JSON.stringify([news.containers, news.limit]) };
  },
  async update(_id, _olds, news) {
    setLimit(news);
    return { outs: news };
  },
};

/** The limit of processes and threads of each container. The provider's Container has no such input. It survives a restart. */
export class PidsLimit extends pulumi.dynamic.Resource {
  constructor(
    name: string,
    args: { readonly engine: Engine; readonly containers: pulumi.Input<string[]>; readonly limit: pulumi.Input<number> },
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(provider, name, { ...args }, opts, "spark-cluster", "PidsLimit");
  }
}
