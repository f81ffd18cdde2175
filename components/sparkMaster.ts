import * as pulumi from "@pulumi/pulumi";

import { masterContainerMemory } from "../config/sizes";
import { daemonEnvironment } from "./daemon";
import { RoleArgs, Running } from "./target";

/**
 * The standalone master and its UI, through which everything of Spark is seen. What it knows of workers and applications lies on a
 * volume that goes with it, so that jobs outlive a master that was killed.
 */
export class SparkMaster extends pulumi.ComponentResource {
  public readonly running: Running;

  constructor(name: string, args: RoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:spark:SparkMaster", name, {}, opts);
    const { sizes, ports, bindAddress } = args.config;
    const state = args.target.stateVolume(`${name}-state`, { owner: args.owner, part: "master-state" }, this);
    this.running = args.target.run(
      name,
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
      this,
    );
    this.registerOutputs({ id: this.running.id });
  }
}
