import { TestStack } from "../../testbed/testStack";

/** What an up left that is not what was there before, by name; what is gone is among it. */
export interface Changes {
  /** What the up printed. */
  readonly output: string;
  readonly containers: readonly string[];
  readonly images: readonly string[];
}

/** Runs an up, and compares the ids of all containers and images with those right before it. */
export async function changesOf(stack: TestStack, up: () => Promise<string> = () => stack.bareUp()): Promise<Changes> {
  const [before, imagesBefore] = [await stack.ids(), await imageIds(stack)];
  const output = await up();
  const [after, imagesAfter] = [await stack.ids(), await imageIds(stack)];
  return { output, containers: different(before, after), images: different(imagesBefore, imagesAfter) };
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
