/** A resource's name on the engine. It contains the stack's name, because stacks may share an engine. */
export function nameOnEngine(stack: string, part: string): string {
  return `spark-cluster-${stack}-${part}`;
}

/** The last part of the name of a stack's network. */
export const networkPart = "network";

/** Limit of the name of a service or a network of a swarm. */
export const longestOnSwarm = 63;

/** Whether a swarm accepts the name of a service or a network (swarmkit, `validateAnnotations` in manager/controlapi/common.go). */
export function isNameOnSwarm(name: string): boolean {
  return name.length <= longestOnSwarm && /^[A-Za-z0-9](?:[-_]*[A-Za-z0-9])*$/.test(name);
}
