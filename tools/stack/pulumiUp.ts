import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { EngineEvent } from "@pulumi/pulumi/automation";

import { tried } from "../../engine/tried";
import { Failure } from "../failure";
import { changing } from "../programs";
import { Diagnostic, explainDestroy, explainFailure } from "./explain";
import { settleFile } from "./git";
import { fileOf, OpenStack } from "./openStack";

/** The outputs of a stack, secrets included. */
export type Outputs = Readonly<Record<string, unknown>>;

/**
 * Runs `pulumi up`. Not by the Automation API's own `up`, which reads the outputs twice after it, and the history of the stack.
 *
 * @param targets URNs, in which `**` matches any text; all resources if there are none.
 * @throws {Failure} without a message: the output and the explanation are printed already.
 */
export async function pulumiUp(stack: OpenStack, targets: readonly string[] = []): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "spark-cluster-events-"));
  const events = join(folder, "events.json");
  const options = ["--yes", "--skip-preview", "--suppress-outputs", "--event-log", events];
  const chosen = targets.flatMap((target) => ["--target", target]);
  try {
    await changed(stack, ({ onOutput, onError }) => cli(stack).runPulumiCmd(["up", ...options, ...chosen], onOutput, onError));
  } catch (error) {
    if (error instanceof Failure && error.exitCode === 1) {
      await explainFailure(stack, diagnosticsIn(events));
    }
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The outputs that the last `up` has left. */
export async function outputsOf(stack: OpenStack): Promise<Outputs> {
  const { stdout } = await cli(stack).runPulumiCmd(["stack", "output", "--json", "--show-secrets"]);
  return JSON.parse(stdout) as Outputs;
}

/** What runs Pulumi's CLI in the Automation API, whose types hide it. It sets the variable without which Pulumi hides --event-log. */
interface Cli {
  runPulumiCmd(args: readonly string[], onOutput?: Print, onError?: Print): Promise<{ readonly stdout: string }>;
}

function cli({ pulumi }: OpenStack): Cli {
  return pulumi as unknown as Cli;
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

/** What Pulumi's log of events reports about single resources. */
function diagnosticsIn(events: string): Diagnostic[] {
  const lines = existsSync(events) ? readFileSync(events, "utf8").split("\n").filter(Boolean) : [];
  return lines.flatMap((line) => {
    // A killed Pulumi may have left half a line.
    const { urn, message = "" } = tried(() => JSON.parse(line) as EngineEvent)?.diagnosticEvent ?? {};
    return urn === undefined ? [] : [{ urn, message }];
  });
}
