import * as pulumi from "@pulumi/pulumi";

import { ideContainerMemory } from "../config/sizes";
import { Mount, RoleArgs, Running } from "./target";
import { tlsEnvironment, tlsRevision } from "./tls";

export interface JupyterLabArgs extends RoleArgs {
  readonly home: Mount;
}

/**
 * JupyterLab, whose notebooks are drivers. It outlives an edit of Spark's properties: the files are there for the next session
 * that is started, and kernels that run keep what they began with.
 */
export class JupyterLab extends pulumi.ComponentResource {
  public readonly running: Running;

  constructor(name: string, args: JupyterLabArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:notebooks:JupyterLab", name, {}, opts);
    const { sizes, ports, bindAddress, tokenGeneration } = args.config;
    this.running = args.target.run(
      name,
      {
        ...args,
        role: "jupyterlab",
        part: "jupyterlab",
        hostname: "jupyterlab",
        image: args.images.jupyterlab,
        memory: ideContainerMemory(sizes),
        cpus: sizes.ideCores,
        // Once more inside of Spark's Python: pip takes away and replaces nothing that lies outside of its environment.
        volumes: [args.home, { ...args.workspace, containerPath: "/opt/python/workspace" }],
        environment: {
          SPARK_LOCAL_DIRS: "/home/spark/.cache/spark",
          TMPDIR: "/home/spark/.cache/tmp", // on the disk: pip unpacks wheels there that are larger than /tmp
          ...tlsEnvironment(args.config),
        },
        ports: [{ internal: 8888, external: ports.jupyterlab, ip: bindAddress }],
        madeAnewBy: { "token-generation": tokenGeneration, ...tlsRevision(args.config) },
      },
      this,
    );
    this.registerOutputs({ id: this.running.id });
  }
}
