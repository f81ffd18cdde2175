import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { Mebibytes } from "../../config/memory";
import { ImageSupply, SwarmClusterConfig } from "../../config/clusterConfig";
import { isTied } from "../../config/placing";
import { hardening } from "../../engine/hardening";
import { nameOnEngine } from "../../engine/names";
import { cpusOf, environmentOf } from "../../roles";
import { Role } from "../../roles/role";
import { dockerLogOptions } from "../dialect";
import { gracePeriod } from "../engineContainer";
import { labelsOf } from "../names";
import { revisionOf } from "../../engine/revision";
import { ContainerArgs, Mount, Running } from "../target";

export interface ServiceArgs extends ContainerArgs {
  readonly config: SwarmClusterConfig;
  /** Replicated for a fixed number of containers, global for one on each node. */
  readonly mode: docker.types.input.ServiceMode;
  /** In addition to the environment of its role. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * The health check of a service's containers. It runs often, because a container's name resolves only after its first successful
 * check. The swarm replaces a container that fails, so a worker's check ignores its registration: the master may be down.
 */
function healthcheckOf(role: Role): docker.types.input.ServiceTaskSpecContainerSpecHealthcheck {
  const tests = ["CMD", ...(role.healthcheckOnSwarm ?? [role.healthcheck])];
  return { tests, interval: "5s", timeout: "10s", retries: 12, startPeriod: duration(60) };
}

/** A service with the settings that all share: no root user, no capabilities, no ports, a read-only root, limits, one network. */
export function service(name: string, args: ServiceArgs, parent: pulumi.Resource): Running {
  const { owner, config, role } = args;
  const { swarm } = config;
  const memory = bytes(role.memory(config.sizes));
  const inputs: docker.ServiceArgs = {
    name: nameOnEngine(owner.stack, args.part),
    labels: labelsOf(owner, role.name),
    mode: args.mode,
    endpointSpec: { mode: "dnsrr" }, // names resolve to the containers' own addresses, as Spark requires
    taskSpec: {
      containerSpec: {
        image: byDigest(args.images.imageOf(role.image.name)),
        hostname: args.hostname,
        labels: labelsOf(owner, role.name),
        env: { ...environmentOf(role, config), ...args.environment, SPARK_CLUSTER_NODE: "{{.Node.Hostname}}" },
        secrets: [...(args.configFiles?.secrets ?? [])],
        mounts: mountsOf(args).map(serviceMount(args)),
        readOnly: true,
        capDrops: hardening.dropped,
        init: true,
        healthcheck: healthcheckOf(role),
        stopGracePeriod: duration(role.name === "worker" ? swarm.drainTimeout + gracePeriod : gracePeriod),
      },
      networksAdvanceds: [{ id: args.network.networkId, aliases: [args.hostname] }],
      placement: { constraints: constraintsOf(args) },
      resources: {
        limits: { memoryBytes: memory, nanoCpus: cpusOf(role, config.sizes) * 1e9 },
        reservation: { memoryBytes: memory },
      },
      restartPolicy: { condition: "any", delay: "1s", window: "0s" },
      logDriver: { name: "json-file", options: dockerLogOptions(config) },
      forceUpdate: 0,
    },
    // Updates one container at a time, and pauses at the first failure.
    updateConfig: { parallelism: 1, order: "stop-first", failureAction: "pause", delay: "0s", monitor: "5s" },
    auth: loginOf(config.supply),
  };
  const made = new docker.Service(name, inputs, {
    parent,
    dependsOn: [...args.images.all, ...(args.configFiles === undefined ? [] : [args.configFiles])],
    deleteBeforeReplace: true, // its name is fixed
    replaceOnChanges: ["mode.global"], // a swarm cannot change a service's mode
    ignoreChanges: ["taskSpec.placement.platforms"], // the swarm sets them from the image in the registry
  });
  const { auth: _auth, ...rest } = inputs;
  return {
    role: role.name,
    id: made.id,
    name: made.name,
    ports: args.ports,
    revision: pulumi.output(rest).apply((inputs) => revisionOf(JSON.stringify(inputs))),
  };
}

/** The image by its digest in the registry, so a moved tag changes nothing. */
function byDigest(image: docker.RemoteImage): pulumi.Output<string> {
  return pulumi.all([image.name, image.repoDigest]).apply(([name, digest]) => (name.includes("@") ? name : digest));
}

/** Seconds in the format in which the provider reports a duration: `1m30s`. */
function duration(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const whole = hours > 0 ? `${hours}h${minutes}m${rest}s` : `${minutes}m${rest}s`;
  return whole.replace(/^0m/, "").replace(/m0s$/, "m").replace(/h0m$/, "h");
}

function bytes(memory: Mebibytes): number {
  return memory * 1024 * 1024;
}

/** Workers run on several nodes, so they do not mount a volume of one node, unless the swarm has a single node. */
function mountsOf({ role, mounts, config: { swarm } }: ServiceArgs): readonly Mount[] {
  return mounts.filter((mount) => role.name !== "worker" || mount.onOneNode !== true || swarm.oneNode);
}

function serviceMount({ owner }: ServiceArgs): (mount: Mount) => docker.types.input.ServiceTaskSpecContainerSpecMount {
  return ({ volumeName, containerPath, driverOptions }) => ({
    type: "volume",
    target: containerPath,
    source: volumeName,
    volumeOptions: {
      labels: labelsOf(owner),
      ...(driverOptions !== undefined && { driverName: "local", driverOptions: { ...driverOptions }, noCopy: true }),
    },
  });
}

function constraintsOf({ config: { swarm }, role }: ServiceArgs): string[] {
  const wanted = swarm.placement[role.name];
  if (wanted !== undefined) {
    return [`node.labels.${wanted.replace("=", "==")}`];
  }
  if (!isTied(role.name, swarm)) {
    return [];
  }
  return [swarm.manager === undefined ? "node.role==manager" : `node.id==${swarm.manager}`];
}

/** The registry login that each node uses to pull the image. */
function loginOf({ registry, user, password }: ImageSupply): docker.types.input.ServiceAuth | undefined {
  const serverAddress = registry.replace(/\/.*/, "");
  return user === "" ? undefined : { serverAddress, username: user, password: pulumi.secret(password) };
}
