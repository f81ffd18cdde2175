import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { ClusterConfig } from "../config/clusterConfig";
import { computed, Known } from "../config/known";
import { labels } from "../engine/labels";
import { RoleName } from "../roles/names";

/** A resource's name on the engine. It contains the stack's name, because stacks may share an engine. */
export function nameOnEngine(stack: string, part: string): string {
  return `spark-cluster-${stack}-${part}`;
}

/** The strings from `1` to `count`. */
export function numbersTo(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1));
}

/** The stack that owns a resource. Every container, network and volume has both values as labels. */
export interface Owner {
  readonly stack: string;
  /** The id that distinguishes the stack from others of the same name. */
  readonly home: pulumi.Input<string>;
}

/**
 * The name of a volume. With a folder of the machine as the workspace, a stack has volumes of their own: another user may own their
 * files, and the tables that the catalog records are other ones.
 */
export function volumeNameOf({ stack }: Owner, part: string, config: Known<ClusterConfig>): Known<string> {
  return computed(config, ({ folders: { workspace, user } }) => {
    const ofFolder = workspace === undefined ? [] : ["folder", ...(user === undefined ? [] : [user.replace(/:.*/, "")])];
    return [nameOnEngine(stack, part), ...ofFolder].join("-");
  });
}

/** The labels that identify a stack's resources, also among those of another stack with the same name in another state. */
export function labelsOf(owner: Owner, role?: RoleName): docker.types.input.ContainerLabel[] {
  return [
    { label: labels.stack, value: owner.stack },
    { label: labels.home, value: owner.home },
    ...(role === undefined ? [] : [{ label: labels.role, value: role }]),
  ];
}
