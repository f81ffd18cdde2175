import * as pulumi from "@pulumi/pulumi";

/**
 * The value, once it and the outputs `after` are there. The state has no dependency on the resources that they come from.
 *
 * A dependency of a Docker resource on one of this program, or the other way round, makes Pulumi 3.259 end
 * `pulumi destroy --target --target-dependents` with `unknown provider`: it loads the provider of the target alone.
 */
export function detached<T>(value: pulumi.Input<T>, after: readonly pulumi.Output<unknown>[] = []): pulumi.Output<T> {
  return pulumi.output(known(value, after)) as pulumi.Output<T>;
}

async function known<T>(input: pulumi.Input<T>, after: readonly pulumi.Output<unknown>[]): Promise<unknown> {
  await Promise.all(after.map(pulumi.isSecret)); // waits for the output, also in a preview, where it may be unknown
  let value: unknown = pulumi.unknown;
  // The function is not called if the value is unknown.
  const isSecret = await pulumi.isSecret(pulumi.output(input).apply((it) => (value = it)));
  return isSecret ? pulumi.secret(value) : value;
}
