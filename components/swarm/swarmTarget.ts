import * as pulumi from "@pulumi/pulumi";

import { SwarmClusterConfig } from "../../config/clusterConfig";
import { Engine } from "../../engine/engine";
import { nameOnEngine } from "../../engine/names";
import { placeOf } from "../../engine/place";
import { roles } from "../../roles";
import { NetworkKind } from "../clusterNetwork";
import { dialects } from "../dialect";
import { engineContainer } from "../engineContainer";
import { numbersTo } from "../names";
import { revisionOf } from "../../engine/revision";
import { ContainerArgs, FilesArgs, Mount, ReadyArgs, Running, Target, VolumeArgs } from "../target";
import { SecretFiles } from "./secretFiles";
import { service } from "./service";
import { SwarmReadiness } from "./swarmReadiness";

/** The target for a swarm: services on an overlay network, and a gateway on the manager that the stack names. */
export class SwarmTarget implements Target {
  public readonly place: string;
  public readonly network: NetworkKind;

  constructor(
    private readonly engine: Engine,
    private readonly config: SwarmClusterConfig,
  ) {
    const { swarm } = config;
    this.place = placeOf(engine, swarm);
    this.network = {
      driver: "overlay",
      attachable: true, // for the gateway, which is a container and not a service
      options: swarm.encryptedNetwork ? { encrypted: "" } : {},
      // The swarm chooses them: the addresses, and the id that separates this network's packets from those of others.
      drift: ["ipamConfigs", "ipamOptions", "options"],
    };
  }

  files(name: string, args: FilesArgs, parent: pulumi.Resource): SecretFiles {
    return new SecretFiles(name, { owner: args.owner, files: args.files(this.config) }, { parent });
  }

  /**
   * The master's state is kept too, because its container may restart on another node. Nodes create a volume on its first mount and
   * never change it, so a hash of its driver options is in the name.
   */
  volume(_name: string, { owner, part, kind, containerPath }: VolumeArgs): Mount {
    if (kind === "scratch") {
      return { volumeName: "", containerPath };
    }
    const volumeName = nameOnEngine(owner.stack, part);
    const { storage } = this.config.swarm;
    if (storage === undefined) {
      return { volumeName, containerPath, onOneNode: true };
    }
    const folder = `${owner.stack}/${part}`;
    const driverOptions =
      "folder" in storage
        ? { type: "none", o: "bind", device: `${storage.folder}/${folder}` }
        : { type: "nfs", o: `addr=${storage.nfs.server},${storage.nfs.options}`, device: `:${storage.nfs.path}/${folder}` };
    return { volumeName: `${volumeName}-${revisionOf(JSON.stringify(driverOptions))}`, containerPath, driverOptions };
  }

  run(name: string, args: ContainerArgs, parent: pulumi.Resource): Running {
    return service(`${name}-service`, { ...withTmp(args), config: this.config, mode: { replicated: { replicas: 1 } } }, parent);
  }

  workerNumbers(count: number): readonly string[] {
    const { perNode, workerNodes } = this.config.swarm;
    return perNode ? workerNodes : numbersTo(count);
  }

  /** One service for all workers. Its containers are named by number, or by the id of their node. */
  runWorkers(
    name: string,
    count: number,
    workerOf: (number: string) => ContainerArgs,
    parent: pulumi.Resource,
  ): readonly Running[] {
    const worker = workerOf("{{.Task.Slot}}");
    const { swarm } = this.config;
    return [
      service(
        `${name}-service`,
        {
          ...withTmp(worker),
          part: "worker",
          environment: {
            SPARK_WORKER_DRAIN: String(swarm.drainTimeout),
            SPARK_WORKER_KNOWN_BY: "address", // other containers cannot resolve its name
          },
          config: this.config,
          mode: swarm.perNode ? { global: true } : { replicated: { replicas: count } },
        },
        parent,
      ),
    ];
  }

  ready(name: string, args: ReadyArgs, parent: pulumi.Resource): pulumi.Output<string> {
    const { config } = this;
    const { owner, images, network, running } = args;
    const gateway = engineContainer(
      `${name}-gateway`,
      {
        owner,
        config,
        images,
        network,
        dialect: dialects.docker,
        role: roles.gateway,
        part: roles.gateway.name,
        hostname: roles.gateway.hostname,
        configFiles: undefined,
        mounts: [],
        ports: running.flatMap(({ ports }) => ports),
        replacedBy: {},
      },
      { parent },
    );
    const services = running.map(({ role, ...known }) =>
      pulumi.all([known.name, known.id, known.revision]).apply(([name, id, revision]) => ({ name, id, role, revision })),
    );
    return new SwarmReadiness(
      `${name}-ready`,
      {
        engine: this.engine,
        gateway: gateway.id,
        services: pulumi.all(services),
        workers: config.sizes.workers,
        timeout: config.readyTimeout + config.swarm.drainTimeout * config.sizes.workers,
      },
      { parent },
    ).id;
  }
}

/** Adds a volume at /tmp: Swarm mounts a tmpfs `noexec`, but zstd and snappy load native libraries that they unpack into /tmp. */
function withTmp(args: ContainerArgs): ContainerArgs {
  return { ...args, mounts: [...args.mounts, { volumeName: "", containerPath: "/tmp" }] };
}
