import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { masterContainerMemory } from "../config/sizes";
import { clusterContainer, RoleArgs } from "./container";
import { daemonEnvironment } from "./daemon";
import { localVolume } from "./localVolume";

/**
 * The standalone master and its UI, through which everything of Spark is seen. What it knows of workers and applications lies on a
 * volume that goes with it, so that jobs outlive a master that was killed.
 */
export class SparkMaster extends pulumi.ComponentResource {
  public readonly container: docker.Container;

  constructor(name: string, args: RoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:spark:SparkMaster", name, {}, opts);
    const { sizes, ports, bindAddress } = args.config;
    const state = localVolume(`${name}-state`, { owner: args.owner, part: "master-state" }, this);
    this.container = clusterContainer(
      `${name}-container`,
      {
        ...args,
        role: "master",
        part: "master",
        hostname: "spark-master",
        image: args.images.sparkMaster,
        memory: masterContainerMemory(sizes),
        cpus: sizes.daemonCores,
        volumes: [state],
        environment: daemonEnvironment(sizes.masterMemory),
        ports: [{ internal: 8080, external: ports.sparkUi, ip: bindAddress }],
        madeAnewBy: { config: args.configFiles.revision },
      },
      { parent: this },
    );
    this.registerOutputs({ containerId: this.container.id });
  }
}
