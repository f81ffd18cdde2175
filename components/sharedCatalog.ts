import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { catalogContainerMemory } from "../config/sizes";
import { catalogHost } from "./properties";
import { SharedVolume } from "./sharedVolume";
import { RoleArgs, Running } from "./target";

export interface SharedCatalogArgs extends RoleArgs {
  readonly image: docker.RemoteImage;
}

/** The database in which the tables of all sessions are written down. What is in it outlives the cluster, as the tables' files do. */
export class SharedCatalog extends pulumi.ComponentResource {
  public readonly running: Running;

  constructor(name: string, args: SharedCatalogArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:storage:SharedCatalog", name, {}, opts);
    const data = new SharedVolume(
      `${name}-data`,
      { owner: args.owner, target: args.target, part: "catalog", mountPath: "/var/lib/catalog" },
      { parent: this },
    );
    this.running = args.target.run(
      name,
      {
        ...args,
        role: "catalog",
        part: "catalog",
        hostname: catalogHost,
        memory: catalogContainerMemory(args.config.sizes),
        cpus: args.config.sizes.daemonCores,
        volumes: [data.mount],
        madeAnewBy: { config: args.configFiles.revision },
      },
      this,
    );
    this.registerOutputs({ id: this.running.id });
  }
}
