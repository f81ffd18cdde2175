import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { HostFolders } from "../config/clusterConfig";
import { computed, Known } from "../config/known";
import { labels } from "../engine/labels";
import { nameOnEngine } from "../engine/names";
import { revisionOf } from "../engine/revision";
import { RoleName } from "../roles/names";

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

/** What a volume's name depends on if the workspace is a folder of the host. */
export interface VolumeOwner {
  /** Undefined if the workspace is a volume. */
  readonly hostFolders?: Known<HostFolders> | undefined;
  /** Whether it describes what is in the workspace. Each folder then has a volume of its own. */
  readonly isOfWorkspace?: boolean | undefined;
  /** Whether its files are the images' user's, whoever owns the workspace. */
  readonly isOfImagesUser?: boolean | undefined;
}

/** The name of a volume. If its files belong to another user than the images' own, the user is a part of the name. */
export function volumeNameOf({ stack }: Owner, part: string, of: VolumeOwner): Known<string> {
  const name = nameOnEngine(stack, part);
  if (of.hostFolders === undefined) {
    return name;
  }
  return computed(of.hostFolders, ({ workspace = "", user, userns }) => {
    return [
      name,
      ...(of.isOfWorkspace === true ? [revisionOf(workspace).slice(0, 8)] : []),
      ...(user === undefined || of.isOfImagesUser === true ? [] : [user.uid]),
      ...(userns === undefined ? [] : ["mapped"]),
    ].join("-");
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
