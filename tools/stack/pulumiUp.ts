import type { EngineEvent, OutputMap } from "@pulumi/pulumi/automation";

import { ImageName, imageNames } from "../../images/plan";
import { Failure } from "../failure";
import { changing } from "../programs";
import { explainDestroy, explainFailure } from "./explain";
import { settleFile } from "./git";
import { fileOf, OpenStack } from "./openStack";

/**
 * Runs `pulumi up`, and returns the stack's outputs.
 *
 * @param targets URNs, in which `**` matches any text; all resources if there are none.
 * @throws {Failure} without a message: the output and the explanation are printed already.
 */
export async function pulumiUp(stack: OpenStack, targets: readonly string[] = []): Promise<OutputMap> {
  const failed = new Set<ImageName>();
  const onEvent = (event: EngineEvent) => {
    failedBuilds(event).forEach((image) => failed.add(image));
  };
  try {
    const options = { suppressOutputs: true, target: [...targets], onEvent };
    return (await changed(stack, (printing) => stack.pulumi.up({ ...options, ...printing }))).outputs;
  } catch (error) {
    if (error instanceof Failure && error.exitCode === 1) {
      explainFailure(stack, [...failed]);
    }
    throw error;
  }
}

/** Runs `pulumi destroy`. @throws {Failure} without a message: the output and the explanation are printed already. */
export async function pulumiDestroy(stack: OpenStack): Promise<void> {
  try {
    await changed(stack, (printing) => stack.pulumi.destroy(printing));
  } catch (error) {
    explainDestroy(stack);
    throw error;
  }
}

type Print = (text: string) => void;

/** Runs a command of Pulumi that changes a stack, and prints its output. @throws {Failure} without a message if Pulumi printed an error. */
async function changed<T>(
  stack: OpenStack,
  run: (printing: { readonly onOutput: Print; readonly onError: Print }) => Promise<T>,
): Promise<T> {
  const { CommandError } = await import("@pulumi/pulumi/automation");
  const printed = { error: false };
  const print = (text: string) => {
    printed.error ||= text.includes("error:");
    process.stdout.write(text);
  };
  try {
    return await changing(() => run({ onOutput: print, onError: print }));
  } catch (error) {
    // The Automation API also runs commands whose output is not printed.
    throw error instanceof CommandError && printed.error ? new Failure("") : error;
  } finally {
    settleFile(fileOf(stack.name));
  }
}

/** The image whose build an event reports as failed. */
function failedBuilds({ diagnosticEvent }: EngineEvent): ImageName[] {
  const { urn, message = "" } = diagnosticEvent ?? {};
  const isBuild = message.includes("Error running legacy build");
  return imageNames.filter((image) => isBuild && urn?.endsWith(`::spark-image-${image}`));
}
