import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { masterContainerMemory } from "../config/sizes";
import { clusterContainer, RoleArgs } from "./container";
import { daemonEnvironment } from "./daemon";

/** The standalone master and its UI, through which everything of Spark is seen. */
export class SparkMaster extends pulumi.ComponentResource {
  public readonly container: docker.Container;

  constructor(name: string, args: RoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:spark:SparkMaster", name, {}, opts);
    const { sizes, ports, bindAddress } = args.config;
    this.container = clusterContainer(
      `${name}-container`,
      {
        ...args,
        role: "master",
        part: "master",
        hostname: "spark-master",
        image: args.images.sparkMaster,
        memory: masterContainerMemory(sizes),
        environment: daemonEnvironment(sizes.masterMemory),
        ports: [{ internal: 8080, external: ports.sparkUi, ip: bindAddress }],
        madeAnewBy: { config: args.configFiles.revision },
      },
      { parent: this },
    );
    this.registerOutputs({ containerId: this.container.id });
  }
}
