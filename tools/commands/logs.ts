import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

import { ask, clientCommand } from "../../engine/cli";
import { labels, labelled } from "../../engine/labels";
import { Failure } from "../failure";
import { becomeProgram } from "../programs";
import { byName } from "../stack/containers";
import { OpenStack } from "../stack/openStack";

/**
 * Prints the logs of a role's containers, or of all containers. With several containers, each line begins with the container's name.
 *
 * @param role All roles if it is empty.
 */
export async function logs(
  { name, engine, isOnSwarm }: OpenStack,
  { role, follow: isFollowing }: { readonly role: string; readonly follow: boolean },
): Promise<void> {
  const ofRole = role === "" ? `label=${labels.role}` : `label=${labels.role}=${role}`;
  const list = isOnSwarm ? ["service", "ls", "--format", "{{.Name}}"] : ["ps", "--all", "--format", "{{.Names}}"];
  const names = ask(engine, ...list, "--filter", labelled("stack", name), "--filter", ofRole)
    .split("\n")
    .filter(Boolean)
    .sort(byName);
  const show = [...(isOnSwarm ? ["service", "logs"] : ["logs"]), ...(isFollowing ? ["--follow"] : [])];
  const [only, ...others] = names;
  if (only === undefined) {
    throw new Failure(
      `Stack ${name} has no container${role === "" ? "" : ` of the role ${role}`}. make status shows what there is.`,
    );
  }
  if (others.length === 0) {
    await becomeProgram(clientCommand(engine, ...show, only));
    return;
  }
  const print = (each: string) =>
    printWith(`${each.replace(`spark-cluster-${name}-`, "")} | `, clientCommand(engine, ...show, each));
  if (isFollowing) {
    await Promise.all(names.map(print));
    return;
  }
  for (const each of names) {
    await print(each);
  }
}

/** Prints both streams of a program, each line after a prefix. Takes over the exit code of a program that fails. */
async function printWith(prefix: string, [program, ...args]: ReturnType<typeof clientCommand>): Promise<void> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  child.once("exit", (code) => {
    process.exitCode = code === 0 ? process.exitCode : (code ?? 1);
  });
  const failed = new Promise<never>((_, reject) => child.once("error", reject));
  const lines = async (input: NodeJS.ReadableStream) => {
    for await (const line of createInterface({ input })) {
      console.log(`${prefix}${line}`);
    }
  };
  await Promise.race([failed, Promise.all([lines(child.stdout), lines(child.stderr)])]);
}
