import { TestStack } from "../../testbed/testStack";

/** What an up changed. */
export interface ContainerChanges {
  /** What the up printed. */
  readonly output: string;
  /** The names of containers that are new, replaced or gone. */
  readonly containers: readonly string[];
}

export interface Changes extends ContainerChanges {
  readonly images: readonly string[];
}

/** Runs an up, and compares the ids of all containers with those right before it. */
export async function containersChangedBy(stack: TestStack, up: () => Promise<string>): Promise<ContainerChanges> {
  const before = await stack.ids();
  const output = await up();
  return { output, containers: different(before, await stack.ids()) };
}

/** As {@link containersChangedBy}, and compares the ids of the images as well. */
export async function changesOf(stack: TestStack, up: () => Promise<string>): Promise<Changes> {
  const before = await imageIds(stack);
  const changes = await containersChangedBy(stack, up);
  return { ...changes, images: different(before, await imageIds(stack)) };
}

/** The names whose values are not the same. */
export function different(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => before[name] !== after[name]).sort();
}

/** Ids of the images that the stack's state has, by name. */
export async function imageIds(stack: TestStack): Promise<Record<string, string>> {
  const exported = JSON.parse(await stack.pulumi("stack", "export")) as {
    deployment: { resources: { type: string; urn: string; outputs?: { imageId?: string } }[] };
  };
  const images = exported.deployment.resources.filter((resource) => resource.type === "docker:index/remoteImage:RemoteImage");
  return Object.fromEntries(images.map((image) => [image.urn.replace(/.*spark-image-/, ""), image.outputs?.imageId ?? ""]));
}
