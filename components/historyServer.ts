import * as pulumi from "@pulumi/pulumi";

import { historyContainerMemory } from "../config/sizes";
import { daemonEnvironment } from "./daemon";
import { RoleArgs, Running } from "./target";

/** The history server: the pages of applications that have ended, from the event logs on the shared volume. */
export class HistoryServer extends pulumi.ComponentResource {
  public readonly running: Running;

  constructor(name: string, args: RoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:spark:HistoryServer", name, {}, opts);
    const { sizes, ports, bindAddress } = args.config;
    this.running = args.target.run(
      name,
      {
        ...args,
        role: "history-server",
        part: "history-server",
        hostname: "history-server",
        image: args.images.historyServer,
        memory: historyContainerMemory(sizes),
        cpus: sizes.daemonCores,
        cpuShares: 128, // its start is heavy, and everybody waits for the others
        environment: daemonEnvironment(sizes.historyMemory),
        ports: [{ internal: 18080, external: ports.historyServer, ip: bindAddress }],
        madeAnewBy: { config: args.configFiles.revision },
      },
      this,
    );
    this.registerOutputs({ id: this.running.id });
  }
}
