import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { ClusterConfig } from "../config/clusterConfig";
import { ideContainerMemory } from "../config/sizes";
import { clusterContainer } from "./container";
import { ConfigFiles } from "./configFiles";
import { Owner } from "./names";

export interface JupyterLabArgs {
  readonly owner: Owner;
  readonly config: ClusterConfig;
  readonly image: docker.RemoteImage;
  readonly network: pulumi.Input<string>;
  readonly workspace: docker.types.input.ContainerVolume;
  readonly home: docker.types.input.ContainerVolume;
  readonly configFiles: ConfigFiles;
}

/**
 * JupyterLab, whose notebooks are drivers. It outlives an edit of Spark's properties: the files are there for the next session
 * that is started, and kernels that run keep what they began with.
 */
export class JupyterLab extends pulumi.ComponentResource {
  public readonly container: docker.Container;

  constructor(name: string, args: JupyterLabArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:notebooks:JupyterLab", name, {}, opts);
    const { sizes, ports, bindAddress, tokenGeneration } = args.config;
    this.container = clusterContainer(
      `${name}-container`,
      {
        owner: args.owner,
        role: "jupyterlab",
        part: "jupyterlab",
        hostname: "jupyterlab",
        image: args.image,
        network: args.network,
        memory: ideContainerMemory(sizes),
        tmpMemory: sizes.tmpMemory,
        volumes: [args.workspace, args.home, args.configFiles.mount],
        environment: { SPARK_LOCAL_DIRS: "/home/spark/.cache/spark" },
        ports: [{ internal: 8888, external: ports.jupyterlab, ip: bindAddress }],
        healthcheck: "jupyterlab-answers",
        madeAnewBy: { "token-generation": tokenGeneration },
      },
      { parent: this, dependsOn: args.configFiles },
    );
    this.registerOutputs({ containerId: this.container.id });
  }
}
