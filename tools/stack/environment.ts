import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import { isStackName, shown } from "../../config/problem";
import { Failure } from "../failure";
import { root } from "../programs";

/**
 * The environment variables that Pulumi needs for a stack. If the user has chosen no backend, the state and a generated passphrase
 * are kept in SPARK_CLUSTER_HOME, by default ~/.spark-cluster, so that every checkout finds the same cluster.
 *
 * @throws {Failure} if no stack can have this name, or if the passphrase of existing stacks is missing.
 */
export function environmentOf(stack: string): Readonly<Record<string, string>> {
  // It becomes part of file names and of names on the engine; Pulumi itself would accept a stack "..".
  if (!isStackName(stack)) {
    const rule = "A stack's name begins with a letter or a digit and has at most 100 letters, digits and . _ -";
    throw new Failure(`${rule}: ${shown(stack)} is not valid.`);
  }
  const { PATH = "" } = process.env;
  const programs = join(root, "node_modules/.bin");
  return {
    ...(isBackendChosen() ? {} : ownBackend()),
    PULUMI_STACK: stack,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...(PATH.split(":").includes(programs) ? {} : { PATH: `${programs}:${PATH}` }),
  };
}

/** The value of an environment variable; undefined if it is empty. */
export function given(variable: string): string | undefined {
  const value = process.env[variable];
  return value === "" ? undefined : value;
}

/** The folder of Pulumi's own files. */
export function pulumiHome(): string {
  return given("PULUMI_HOME") ?? join(homedir(), ".pulumi");
}

function isBackendChosen(): boolean {
  const credentials = join(pulumiHome(), "credentials.json");
  return (
    given("PULUMI_BACKEND_URL") !== undefined ||
    given("PULUMI_ACCESS_TOKEN") !== undefined ||
    /^backend:/m.test(readFileSync(join(root, "Pulumi.yaml"), "utf8")) ||
    (existsSync(credentials) && /"current": *"[^"]/.test(readFileSync(credentials, "utf8")))
  );
}

function ownBackend(): Record<string, string> {
  const home = given("SPARK_CLUSTER_HOME") ?? join(homedir(), ".spark-cluster");
  mkdirSync(join(home, "state"), { recursive: true, mode: 0o700 });
  const path = home.split("/").map(encodeURIComponent).join("/"); // the folder's name may contain a space, % or #
  const url = { PULUMI_BACKEND_URL: `file://${path}/state` };
  if (process.env.PULUMI_CONFIG_PASSPHRASE !== undefined || given("PULUMI_CONFIG_PASSPHRASE_FILE") !== undefined) {
    return url;
  }
  return { ...url, PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile(home) };
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
