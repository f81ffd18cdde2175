import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import { isStackName, shellWord, shown } from "../../config/problem";
import { given } from "../../engine/given";
import { hostsWithoutProxy } from "../../engine/grpcProxy";
import { Failure } from "../failure";
import { root } from "../programs";
import { ChosenBackend, chosenBackend, folderOfBackend, shownBackend } from "./backend";
import { resourcesOf } from "./fileBackend";

/**
 * The environment variables that Pulumi needs for a stack. If the user has chosen no backend, the state and a generated passphrase
 * are kept in SPARK_CLUSTER_HOME, by default ~/.spark-cluster, so that every checkout finds the same cluster. The backend's URL is
 * among them, however it was chosen: the locks of the stack are looked for there.
 *
 * @throws {Failure} if no stack can have this name, or if the passphrase of existing stacks is missing.
 */
export function environmentOf(stack: string, chosen = chosenBackend()): Readonly<Record<string, string>> {
  // It becomes part of file names and of names on the engine; Pulumi itself would accept a stack "..".
  if (!isStackName(stack)) {
    const rule = "A stack's name begins with a letter or a digit and has at most 100 letters, digits and . _ -";
    throw new Failure(`${rule}: ${shown(stack)} is not valid.`);
  }
  const { PATH = "" } = process.env;
  const { url } = chosen ?? { url: ownUrl() };
  const programs = join(root, "node_modules/.bin");
  return {
    ...(url !== undefined && { PULUMI_BACKEND_URL: url }),
    ...(isOwn(url) ? ownPassphrase() : {}),
    PULUMI_STACK: stack,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    no_grpc_proxy: hostsWithoutProxy(),
    ...(!PATH.split(":").includes(programs) && { PATH: `${programs}:${PATH}` }),
  };
}

/** The folder of Pulumi's own files. */
export function pulumiHome(): string {
  return given("PULUMI_HOME") ?? join(homedir(), ".pulumi");
}

/** The folder of the project's own state and its passphrase. */
function ownHome(): string {
  return given("SPARK_CLUSTER_HOME") ?? join(homedir(), ".spark-cluster");
}

/**
 * The backend keeps no attributes. Pulumi would write those of a state into a second file, which is empty for a moment. A run that
 * reads an empty one fails with "failed to load checkpoint: EOF", and a killed run may leave one. Pulumi does not need them.
 */
function ownUrl(): string {
  const path = ownHome().split("/").map(encodeURIComponent).join("/"); // the folder's name may contain a space, % or #
  return `file://${path}/state?metadata=skip`;
}

function isOwn(url: string | undefined): boolean {
  return url !== undefined && folderOfBackend(url) === folderOfBackend(ownUrl());
}

function ownPassphrase(): Record<string, string> {
  const home = ownHome();
  mkdirSync(join(home, "state"), { recursive: true, mode: 0o700 });
  return process.env.PULUMI_CONFIG_PASSPHRASE !== undefined || given("PULUMI_CONFIG_PASSPHRASE_FILE") !== undefined
    ? {}
    : { PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile(home) };
}

/**
 * The URL of the project's own state, as a word of a shell, if it has a stack and another backend is chosen.
 *
 * @param isUp Whether only a stack that has resources counts.
 */
export function ownStateOf(stack: string, isUp = false): string | undefined {
  const resources = resourcesOf(stack, ownUrl());
  if (resources === undefined || (isUp && resources.length === 0) || isOwn(process.env.PULUMI_BACKEND_URL)) {
    return undefined;
  }
  return shellWord(ownUrl());
}

/**
 * The error for a stack that is not in the chosen backend, if the project's own state has it.
 *
 * @param create Whether the stack would be created. Then it counts only if it is up and the backend was not chosen for this project.
 */
export function stackOfOwnState(stack: string, create: boolean, chosen: ChosenBackend | undefined): Failure | undefined {
  const own = ownStateOf(stack, create);
  if (own === undefined || chosen === undefined || (create && ["PULUMI_BACKEND_URL", "Pulumi.yaml"].includes(chosen.by))) {
    return undefined;
  }
  return new Failure(
    `There is no stack ${stack} in ${shownBackend()}, which ${chosen.by} has chosen. The project's own state has one. ` +
      `To work on that one:\n  export PULUMI_BACKEND_URL=${own}`,
  );
}

/** The file with the generated passphrase, which is written once it is complete. */
function passphraseFile(home: string): string {
  const file = join(home, "passphrase");
  if (existsSync(file) && statSync(file).size > 0) {
    return file;
  }
  const stacks = join(home, "state/.pulumi/stacks");
  const states = existsSync(stacks) ? readdirSync(stacks, { recursive: true, encoding: "utf8" }) : [];
  if (states.some((each) => each.endsWith(".json"))) {
    throw new Failure(`${home}/state holds stacks, but their passphrase, ${file}, is missing: put it back.`);
  }
  writeFileSync(`${file}.partial`, `${randomBytes(32).toString("base64")}\n`, { mode: 0o600 });
  renameSync(`${file}.partial`, file);
  return file;
}
