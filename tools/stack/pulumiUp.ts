import type { EngineEvent, OutputMap } from "@pulumi/pulumi/automation";

import { ImageName, imageNames } from "../../images/plan";
import { Failure } from "../failure";
import { leavingInterrupts } from "../programs";
import { explainFailure } from "./explain";
import { settleFile } from "./git";
import { fileOf, OpenStack } from "./openStack";

const print = (text: string) => process.stdout.write(text);

/**
 * Runs `pulumi up`, and returns the stack's outputs.
 *
 * @param targets URNs, in which `**` matches any text; all resources if there are none.
 * @throws {Failure} without a message: the output and the explanation are printed already.
 */
export async function pulumiUp(stack: OpenStack, targets: readonly string[] = []): Promise<OutputMap> {
  const { CommandError } = await import("@pulumi/pulumi/automation");
  const failed = new Set<ImageName>();
  const onEvent = (event: EngineEvent) => {
    failedBuilds(event).forEach((image) => failed.add(image));
  };
  try {
    const up = () => stack.pulumi.up({ suppressOutputs: true, target: [...targets], onOutput: print, onError: print, onEvent });
    return (await leavingInterrupts(up)).outputs;
  } catch (error) {
    if (!(error instanceof CommandError)) {
      throw error;
    }
    explainFailure(stack, [...failed]);
    throw new Failure("");
  } finally {
    settleFile(fileOf(stack.name));
  }
}

/** Runs `pulumi destroy`. @throws {Failure} without a message. */
export async function pulumiDestroy(stack: OpenStack): Promise<void> {
  const { CommandError } = await import("@pulumi/pulumi/automation");
  try {
    await leavingInterrupts(() => stack.pulumi.destroy({ onOutput: print, onError: print }));
  } catch (error) {
    throw error instanceof CommandError ? new Failure("") : error;
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
