import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { ClusterConfig } from "../config/clusterConfig";
import { masterContainerMemory } from "../config/sizes";
import { clusterContainer } from "./container";
import { ConfigFiles } from "./configFiles";
import { Owner } from "./names";

export interface SparkMasterArgs {
  readonly owner: Owner;
  readonly config: ClusterConfig;
  readonly image: docker.RemoteImage;
  readonly network: pulumi.Input<string>;
  readonly workspace: docker.types.input.ContainerVolume;
  readonly configFiles: ConfigFiles;
}

/** The standalone master and its UI, through which everything of Spark is seen. */
export class SparkMaster extends pulumi.ComponentResource {
  public readonly container: docker.Container;

  constructor(name: string, args: SparkMasterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:spark:SparkMaster", name, {}, opts);
    const { sizes, ports, bindAddress } = args.config;
    this.container = clusterContainer(
      `${name}-container`,
      {
        owner: args.owner,
        role: "master",
        part: "master",
        hostname: "spark-master",
        image: args.image,
        network: args.network,
        memory: masterContainerMemory(sizes),
        tmpMemory: sizes.tmpMemory,
        volumes: [args.workspace, args.configFiles.mount],
        environment: { SPARK_DAEMON_MEMORY: `${Math.floor(sizes.masterMemory / 2)}m` },
        ports: [{ internal: 8080, external: ports.sparkUi, ip: bindAddress }],
        healthcheck: "master-state",
        madeAnewBy: { config: args.configFiles.revision },
      },
      { parent: this },
    );
    this.registerOutputs({ containerId: this.container.id });
  }
}
