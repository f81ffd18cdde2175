import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { labels } from "../engine/labels";
import { RoleName } from "../roles/names";

/** Name of a thing of this stack as the engine sees it: stacks share an engine, so the stack is in it. */
export function nameOnEngine(stack: string, part: string): string {
  return `spark-cluster-${stack}-${part}`;
}

/** What a number of like things are called by: `1` and on. */
export function numbersTo(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1));
}

/** A thing of one stack: every container, network and volume carries its name and the id of its home. */
export interface Owner {
  readonly stack: string;
  /** See {@link StackHome}. */
  readonly home: pulumi.Input<string>;
}

/** The labels by which a stack's things are found and told from those of another state with the same stack name. */
export function labelsOf(owner: Owner, role?: RoleName): docker.types.input.ContainerLabel[] {
  return [
    { label: labels.stack, value: owner.stack },
    { label: labels.home, value: owner.home },
    ...(role === undefined ? [] : [{ label: labels.role, value: role }]),
  ];
}
