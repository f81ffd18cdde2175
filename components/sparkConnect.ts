import * as pulumi from "@pulumi/pulumi";

import { connectContainerMemory } from "../config/sizes";
import { loopback } from "../config/ports";
import { localPath } from "./properties";
import { RoleArgs, Running } from "./target";

/** Spark Connect's server: the driver of those who use the cluster from a program of their own machine. */
export class SparkConnect extends pulumi.ComponentResource {
  public readonly running: Running;

  constructor(name: string, args: RoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:spark:SparkConnect", name, {}, opts);
    const { sizes, ports } = args.config;
    const local = args.target.scratchVolume(`${name}-local`, { owner: args.owner, part: "connect-local" }, this);
    this.running = args.target.run(
      name,
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
      this,
    );
    this.registerOutputs({ id: this.running.id });
  }
}
