import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

/**
 * A `docker.Container` made of the inputs that are given: to Pulumi and its provider the very same. The SDK's own class hands on each of
 * the provider's seventy, and of each one the SDK makes promises, given or not.
 */
export class LeanContainer extends pulumi.CustomResource {
  declare public readonly name: pulumi.Output<string>;

  constructor(name: string, args: docker.ContainerArgs, opts: pulumi.CustomResourceOptions) {
    super("docker:index/container:Container", name, { ...args }, opts);
  }
}
