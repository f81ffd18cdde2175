import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { ConfigMap, LocalWorkspace, Stack } from "@pulumi/pulumi/automation";

import { ClusterConfig } from "../../config/clusterConfig";
import { readConfig } from "../../config/reader";
import { environmentFor } from "../../engine/clientEnvironment";
import { Engine, findEngine, kindOf } from "../../engine/engine";
import { ownArchitecture } from "../../engine/facts";
import { Failure } from "../failure";
import { setup, setupBesideEngine } from "../machine/machine";
import { root } from "../programs";
import { chosenBackend } from "./backend";
import { needsOf } from "./beforePulumi";
import { environmentOf, pulumiHome, stackOfOwnState } from "./environment";
import { brokenState } from "./fileBackend";
import { checkConfiguration } from "./otherCheckout";
import { explainedSecrets, forgetSalt, isWrongPassphrase, opensSalt } from "./salt";

/** The project's name, and the namespace of its config keys. */
export const project = "spark-cluster";

/** A stack that a command works on. */
export interface OpenStack {
  readonly name: string;
  /** Pulumi's own commands for it. */
  readonly pulumi: Stack;
  /** Its configuration in the program's form: `namespace:key` -> text. Has the defaults of Pulumi.yaml. */
  readonly values: Readonly<Record<string, string>>;
  readonly isSecret: (key: string) => boolean;
  readonly engine: Engine;
  readonly isOnSwarm: boolean;
}

/** The name of a stack's file. */
export function fileOf(stack: string): string {
  return `Pulumi.${stack}.yaml`;
}

/** A key's text in the configuration of a stack. */
export function valueOf({ values }: Pick<OpenStack, "values">, key: string): string {
  return values[`${project}:${key}`] ?? "";
}

/**
 * Begins a command on a stack: installs Pulumi, sets the stack's environment, selects the stack and reads its configuration.
 *
 * @param create Whether a stack that does not exist is created.
 * @param kind The kind of its engine. A stack without a file gets one of this kind.
 * @throws {Failure} if its engine is of another kind; if its file is in another checkout; if there is no such stack, or the passphrase is not the one of its secrets,
 * before anything has changed.
 */
export async function openStack(
  name: string,
  { create = false, kind }: { readonly create?: boolean; readonly kind?: string | undefined } = {},
): Promise<OpenStack> {
  const isNew = !existsSync(join(root, fileOf(name)));
  const chosen = chosenBackend();
  Object.assign(process.env, environmentOf(name, chosen));
  const needs = create && !existsSync(pulumiFolder()) ? needsOf(name, kind) : undefined;
  if (needs === undefined) {
    setup();
  } else {
    setupBesideEngine(needs.engine, needs.baseImage);
  }
  const { LocalWorkspace, PulumiCommand, Stack, StackNotFoundError } = await import("@pulumi/pulumi/automation");
  const pulumiCommand = await PulumiCommand.get({ root: pulumiFolder() });
  const workspace = await LocalWorkspace.create({ workDir: root, pulumiCommand });
  try {
    const stack = await Stack.select(name, workspace);
    const config = stack.getAllConfig().catch((error: unknown) => {
      throw explainedSecrets(error, name, fileOf(name));
    });
    config.catch(() => undefined); // a wrong passphrase is explained first
    await settleSalt(name, stack, pulumiCommand.command);
    if (isNew) {
      await checkConfiguration(name, fileOf(name), stack, await config);
    }
    return ofKind(kind, read(name, stack, await config));
  } catch (error) {
    if (!(error instanceof StackNotFoundError)) {
      throw brokenState(name) ?? error; // Pulumi says "failed to load checkpoint" of a state that is cut off
    }
    const own = stackOfOwnState(name, create, chosen);
    if (own !== undefined) {
      throw own;
    }
    if (!create) {
      throw new Failure(`There is no stack ${name}.`);
    }
  }
  const stack = await createStack(name, workspace);
  if (isNew && kind !== undefined) {
    await stack.setConfig("engine", { value: kind });
  }
  return ofKind(kind, read(name, stack, await stack.getAllConfig()));
}

function ofKind(kind: string | undefined, stack: OpenStack): OpenStack {
  if (kind !== undefined && stack.engine.kind !== kind) {
    throw new Failure(
      `Stack ${stack.name} is on ${stack.engine.kind} and cannot change its engine: choose another stack with STACK=...`,
    );
  }
  return stack;
}

/** The folder of the installed CLI, which machine/pulumi.sh fills. */
function pulumiFolder(): string {
  const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly devDependencies: { readonly pulumi: string };
  };
  return join(pulumiHome(), "versions", devDependencies.pulumi);
}

/** A salt that another passphrase made is dropped from the stack's file, but only if the state shows that the passphrase is right. */
async function settleSalt(name: string, stack: Stack, pulumi: string): Promise<void> {
  const file = join(root, fileOf(name));
  if (await opensSalt(file, pulumi)) {
    return;
  }
  try {
    await stack.exportStack(); // decrypts the secrets of the state
  } catch (error) {
    if (error instanceof Error && isWrongPassphrase(error.message)) {
      throw new Failure(
        `The passphrase is not the one of stack ${name}; nothing was changed. ` +
          "Set the right one by PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.",
      );
    }
    throw error;
  }
  forgetSalt(file, fileOf(name));
}

async function createStack(name: string, workspace: LocalWorkspace): Promise<Stack> {
  const { Stack } = await import("@pulumi/pulumi/automation");
  const file = join(root, fileOf(name));
  try {
    return await Stack.create(name, workspace);
  } catch (error) {
    if (!(error instanceof Error && isWrongPassphrase(error.message) && existsSync(file))) {
      throw error;
    }
    forgetSalt(file, fileOf(name));
    return await Stack.create(name, workspace);
  }
}

function read(name: string, stack: Stack, config: ConfigMap): OpenStack {
  const values = Object.fromEntries(Object.entries(config).map(([key, { value }]) => [key, value]));
  const open = {
    name,
    pulumi: stack,
    values,
    isSecret: (key: string) => config[key]?.secret === true,
    isOnSwarm: valueOf({ values }, "target") === "swarm",
  };
  const kind = kindOf(valueOf(open, "engine"));
  const engine = findEngine(kind ?? "docker", values["docker:host"]);
  if (kind === undefined) {
    configOf({ ...open, engine }); // throws, with all problems
  }
  process.env = environmentFor(engine); // for Pulumi and for every client that a command starts
  return { ...open, engine };
}

/**
 * The configuration of a stack, checked except for facts that only the engine has.
 *
 * @throws {ConfigError} with all problems.
 */
export function configOf(
  { name, values, isSecret, engine }: Omit<OpenStack, "pulumi">,
  architecture = ownArchitecture(),
): ClusterConfig {
  const offered = { limits: true, bridgeMoves: false, portHolder: () => undefined };
  return readConfig({ stack: name, project, values, isSecret, engine, architecture, ...offered });
}
