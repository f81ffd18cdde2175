import * as pulumi from "@pulumi/pulumi";

/** The outputs of a resource. */
type Outputs = Readonly<Record<string, unknown>>;

/** Finds the outputs of a resource that the stack had before this `up`, by the end of its URN: `StackHome::spark-home`. */
export type EarlierState = (urnEnd: string) => Outputs | undefined;

/**
 * The state of the stack before this `up`. The first version kept secrets in dynamic resources, whose values this version takes
 * over. Only a stack with outputs is looked at, which is one whose first `up` has succeeded: Pulumi 3.259 crashes when a new stack
 * asks for its own resources.
 */
export async function earlierState(): Promise<EarlierState> {
  const name = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
  const own = await invoke<Outputs>("readStackOutputs", { name });
  if (Object.keys(own).length === 0) {
    return () => undefined;
  }
  const resources = await invoke<Readonly<Record<string, { readonly outputs: Outputs }>>>("readStackResourceOutputs", {
    stackName: name,
  });
  return (urnEnd) => Object.entries(resources).find(([urn]) => urn.endsWith(`:${urnEnd}`))?.[1].outputs;
}

/**
 * Calls a function of Pulumi's own provider, the one behind StackReference, and returns the result's `outputs`. It reads the file of
 * the state, which Pulumi writes meanwhile, and not in one step: a reader may find it empty or missing. So a failed call is repeated.
 */
async function invoke<T>(token: string, args: pulumi.Inputs): Promise<T> {
  for (let left = 30; ; left--) {
    try {
      const result = (await pulumi.runtime.invoke(`pulumi:pulumi:${token}`, args)) as { readonly outputs: T };
      return result.outputs;
    } catch (error) {
      if (left === 0) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
