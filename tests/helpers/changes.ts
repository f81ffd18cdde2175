import { TestStack } from "../../testbed/testStack";

/** Runs an up. Returns what it printed, and the names of the containers that are new, replaced or gone after it. */
export async function containersChangedBy(stack: TestStack, up: () => Promise<string>) {
  const before = await stack.ids();
  const output = await up();
  return { output, containers: different(before, await stack.ids()) };
}

/** As {@link containersChangedBy}, with the names of such images as well. */
export async function changesOf(stack: TestStack, up: () => Promise<string>) {
  const before = await imageIds(stack);
  const changes = await containersChangedBy(stack, up);
  return { ...changes, images: different(before, await imageIds(stack)) };
}

/** The names whose values are not the same. */
function different(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): string[] {
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
