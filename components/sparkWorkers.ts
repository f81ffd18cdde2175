import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { formatMemory } from "../config/memory";
import { workerContainerMemory } from "../config/sizes";
import { clusterContainer, RoleArgs } from "./container";
import { daemonEnvironment } from "./daemon";
import { localVolume } from "./localVolume";
import { localPath } from "./properties";

/** The workers, `spark-worker-1` and on: one more touches no other. */
export class SparkWorkers extends pulumi.ComponentResource {
  public readonly names: readonly string[];
  public readonly containers: readonly docker.Container[];

  constructor(name: string, args: RoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:spark:SparkWorkers", name, {}, opts);
    const { sizes } = args.config;
    const numbers = Array.from({ length: sizes.workers }, (_, index) => index + 1);
    this.names = numbers.map((number) => `spark-worker-${number}`);
    this.containers = numbers.map((number) => {
      const local = localVolume(`${name}-${number}-local`, { owner: args.owner, part: `worker-${number}-local` }, this);
      return clusterContainer(
        `${name}-${number}`,
        {
          ...args,
          role: "worker",
          part: `worker-${number}`,
          hostname: `spark-worker-${number}`,
          image: args.images.sparkWorker,
          memory: workerContainerMemory(sizes),
          cpus: sizes.workerCores,
          volumes: [local],
          environment: {
            ...daemonEnvironment(sizes.daemonMemory),
            SPARK_LOCAL_DIRS: `${localPath}/local`,
            SPARK_WORKER_CORES: String(sizes.workerCores),
            SPARK_WORKER_DIR: `${localPath}/work`,
            SPARK_WORKER_MEMORY: formatMemory(sizes.workerMemory),
          },
          madeAnewBy: { config: args.configFiles.revision },
        },
        { parent: this },
      );
    });
    this.registerOutputs({ names: this.names });
  }
}
