import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { connectContainerMemory } from "../config/sizes";
import { loopback } from "../config/ports";
import { clusterContainer, RoleArgs } from "./container";
import { localVolume } from "./localVolume";
import { localPath } from "./properties";

/** Spark Connect's server: the driver of those who use the cluster from a program of their own machine. */
export class SparkConnect extends pulumi.ComponentResource {
  public readonly container: docker.Container;

  constructor(name: string, args: RoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:spark:SparkConnect", name, {}, opts);
    const { sizes, ports } = args.config;
    const local = localVolume(`${name}-local`, { owner: args.owner, part: "connect-local" }, this);
    this.container = clusterContainer(
      `${name}-container`,
      {
        ...args,
        role: "connect",
        part: "connect",
        hostname: "connect",
        image: args.images.sparkConnect,
        memory: connectContainerMemory(sizes),
        cpus: sizes.ideCores,
        volumes: [local],
        environment: { SPARK_LOCAL_DIRS: `${localPath}/local` },
        ports: [{ internal: 15002, external: ports.sparkConnect, ip: loopback }],
        madeAnewBy: { config: args.configFiles.revision },
      },
      { parent: this },
    );
    this.registerOutputs({ containerId: this.container.id });
  }
}
