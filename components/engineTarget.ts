import * as pulumi from "@pulumi/pulumi";

import { Engine } from "../engine/engine";
import { computed } from "../config/known";
import { placeOf } from "../engine/place";
import { roles } from "../roles";
import { NetworkKind } from "./clusterNetwork";
import { ConfigFiles } from "./configFiles";
import { Dialect } from "./dialect";
import { engineContainer } from "./engineContainer";
import { engineVolume } from "./engineVolume";
import { numbersTo } from "./names";
import { PidsLimit } from "./pidsLimit";
import { Readiness } from "./readiness";
import { ContainerArgs, FilesArgs, Mount, ReadyArgs, Running, Target, VolumeArgs } from "./target";

/** The target for one engine: containers, a bridge network and local volumes. */
export class EngineTarget implements Target {
  public readonly place: string;
  public readonly network: NetworkKind;

  constructor(
    private readonly engine: Engine,
    private readonly dialect: Dialect,
  ) {
    this.place = placeOf(engine);
    this.network = { driver: "bridge", drift: dialect.driftOfNetworks };
  }

  files(name: string, args: FilesArgs, parent: pulumi.Resource): ConfigFiles {
    return new ConfigFiles(name, { ...args, engine: this.engine }, { parent });
  }

  volume(name: string, { containerPath, ...args }: VolumeArgs, parent: pulumi.Resource): Mount {
    return { volumeName: engineVolume(name, args, parent).name, containerPath };
  }

  run(name: string, args: ContainerArgs, parent: pulumi.Resource): Running {
    return this.start(`${name}-container`, args, parent);
  }

  workerNumbers(count: number): readonly string[] {
    return numbersTo(count);
  }

  runWorkers(
    name: string,
    count: number,
    workerOf: (number: string) => ContainerArgs,
    parent: pulumi.Resource,
  ): readonly Running[] {
    return this.workerNumbers(count).map((number) => this.start(`${name}-${number}`, workerOf(number), parent));
  }

  ready(name: string, { config, running, workers }: ReadyArgs, parent: pulumi.Resource): pulumi.Output<string> {
    if (this.dialect.takesPidsLimit) {
      const ids = pulumi.all(running.map(({ id }) => id));
      new PidsLimit(
        `${name}-pids`,
        { engine: this.engine, containers: ids, limit: computed(config, ({ pidsLimit }) => pidsLimit) },
        { parent },
      );
    }
    const containers = running.map(({ role, ...known }) =>
      pulumi.all([known.name, known.id]).apply(([name, id]) => ({ name, id, role, healthcheck: roles[role].healthcheck })),
    );
    return new Readiness(
      `${name}-ready`,
      {
        engine: this.engine,
        containers: pulumi.all(containers),
        workers: [...workers],
        timeout: computed(config, ({ readyTimeout }) => readyTimeout),
      },
      { parent },
    ).id;
  }

  private start(name: string, args: ContainerArgs, parent: pulumi.Resource): Running {
    const container = engineContainer(name, { ...args, dialect: this.dialect }, { parent });
    return { role: args.role.name, id: container.id, name: container.name, ports: args.ports, revision: container.id };
  }
}
