import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { Known } from "../config/known";
import { certificatesFor } from "../engine/clientEnvironment";
import { Engine } from "../engine/engine";

const anyDockerType = "docker:index/container:Container";

/** Options with a Docker provider for the engine, unless they have one or the parent has. */
export function withProvider(
  name: string,
  engine: Engine,
  opts: pulumi.ComponentResourceOptions,
): pulumi.ComponentResourceOptions {
  const given = [...(opts.provider === undefined ? [] : [opts.provider]), ...Object.values(opts.providers ?? {})];
  const inherited = opts.parent?.getProvider(anyDockerType);
  return [...given, inherited].some((each) => each instanceof docker.Provider)
    ? opts
    : { ...opts, providers: [...given, engineProvider(`${name}-engine`, engine, { parent: opts.parent })] };
}

/** A Docker provider for an engine. Variables of the shell such as DOCKER_CONTEXT do not direct it elsewhere. */
export function engineProvider(name: string, engine: Engine, opts?: pulumi.ResourceOptions): docker.Provider {
  return new docker.Provider(name, { host: engine.host, context: "", certPath: certificatesFor(engine) }, opts);
}

/**
 * The place of a cluster, once its Docker provider is known to be for the cluster's engine. The cluster also asks the engine
 * itself, for what the provider cannot do.
 *
 * @throws {pulumi.RunError} in the output, if they differ.
 */
export function agreed(cluster: pulumi.Resource, name: string, { host }: Engine, place: string): Known<string> {
  const provider = cluster.getProvider(anyDockerType);
  return provider instanceof docker.Provider
    ? provider.host.apply((given) => {
        const other = given ?? process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock";
        if (other !== host) {
          throw new pulumi.RunError(
            `SparkCluster "${name}" is for the engine ${host}, and its Docker provider for ${other}. Give both the same host.`,
          );
        }
        return place;
      })
    : place;
}
