import * as pulumi from "@pulumi/pulumi";

import { formatMemory } from "../config/memory";
import { workerContainerMemory } from "../config/sizes";
import { daemonEnvironment } from "./daemon";
import { localPath } from "./properties";
import { RoleArgs, Running } from "./target";

/** The workers, `spark-worker-1` and on: one more touches no other. */
export class SparkWorkers extends pulumi.ComponentResource {
  public readonly names: readonly string[];
  public readonly running: readonly Running[];

  constructor(name: string, args: RoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:spark:SparkWorkers", name, {}, opts);
    const { owner, target, config } = args;
    const { sizes } = config;
    this.names = target.workerNumbers(sizes.workers).map((number) => `spark-worker-${number}`);
    this.running = target.runWorkers(
      name,
      sizes.workers,
      (number) => ({
        ...args,
        role: "worker",
        part: `worker-${number}`,
        hostname: `spark-worker-${number}`,
        image: args.images.sparkWorker,
        memory: workerContainerMemory(sizes),
        cpus: sizes.workerCores,
        volumes: [target.scratchVolume(`${name}-${number}-local`, { owner, part: `worker-${number}-local` }, this)],
        environment: {
          ...daemonEnvironment(sizes.daemonMemory),
          SPARK_LOCAL_DIRS: `${localPath}/local`,
          SPARK_WORKER_CORES: String(sizes.workerCores),
          SPARK_WORKER_DIR: `${localPath}/work`,
          SPARK_WORKER_MEMORY: formatMemory(sizes.workerMemory),
        },
        madeAnewBy: { config: args.configFiles.revision },
      }),
      this,
    );
    this.registerOutputs({ names: this.names });
  }
}
