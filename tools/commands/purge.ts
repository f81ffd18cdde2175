import { createInterface } from "node:readline/promises";

import { ask, clientCommand } from "../../engine/cli";
import { labelled } from "../../engine/labels";
import { Failure } from "../failure";
import { becomeProgram } from "../programs";
import { containersOf, networksWith } from "../stack/containers";
import { OpenStack } from "../stack/openStack";
import { clearDeadLocks } from "../stack/locks";

/** Deletes the data that a stack left, after a confirmation. */
export async function purge(stack: OpenStack, { yes: isConfirmed }: { readonly yes: boolean }): Promise<void> {
  const { name, engine } = stack;
  await clearDeadLocks(stack); // a first up has volumes before it has containers
  // A run with another state may have created volumes before its containers. Its network exists already.
  if (containersOf(stack).length > 0 || networksWith(engine, "stack", name).length > 0) {
    throw new Failure(`Stack ${name} is up, or a run has begun to bring it up: make down first.`);
  }
  const volumes = ask(engine, "volume", "ls", "--quiet", "--filter", labelled("stack", name)).split("\n").filter(Boolean);
  if (volumes.length === 0) {
    throw new Failure(`Stack ${name} has left no data on ${engine.host}.`);
  }
  console.error(`This deletes the volumes of stack ${name} with all notebooks, files and settings on them: ${volumes.join(" ")}`);
  if (!isConfirmed && (await answerTo("Type the stack's name to go on: ")) !== name) {
    throw new Failure("Nothing was deleted.");
  }
  await becomeProgram(clientCommand(engine, "volume", "rm", ...volumes));
}

/** A line from the terminal; empty at its end. */
async function answerTo(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  terminal.setPrompt(question);
  terminal.prompt();
  for await (const line of terminal) {
    return line;
  }
  return "";
}
