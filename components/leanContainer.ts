import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

/**
 * A `docker.Container` with only the inputs that are set. For Pulumi and the provider it is the same resource. The SDK's class
 * passes on all of the provider's seventy inputs, and the SDK creates promises for each of them, set or not.
 */
export class LeanContainer extends pulumi.CustomResource {
  declare public readonly name: pulumi.Output<string>;

  constructor(name: string, args: docker.ContainerArgs, opts: pulumi.CustomResourceOptions) {
    super("docker:index/container:Container", name, { ...args }, opts);
  }
}
