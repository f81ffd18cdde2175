import * as pulumi from "@pulumi/pulumi";

import { SparkClusterArgs } from "../components/sparkClusterArgs";
import { check, engineOf, imagesToBuildOn } from "./check";
import { refused } from "./fields";
import { Outline, outlineOf } from "./outline";
import { ConfigError, Problem, set, shown, Step, Subject } from "./problem";
import { Refusal } from "./readers";
import { plainKeys, schema, Values } from "./schema";
import { textOf } from "./text";

/**
 * Reads a component's arguments as the configuration of a stack is read, and checks them against the engine. If one of them is an
 * output, all but the plain keys are checked once every output is known.
 *
 * @throws {pulumi.RunError} with all problems.
 */
export function readArguments(name: string, args: SparkClusterArgs): Outline {
  const { id = `${pulumi.getProject()}-${pulumi.getStack()}-${name}`, host, ...keys } = args;
  const outputs = Object.entries(keys).flatMap(([key, value]) => (hasOutput(value) ? [key] : []));
  const subject = subjectOf(name, outputs.length > 0);
  const plain = readPlain(keys, outputs, subject);
  const isSwarm = plain.target === "swarm";
  const wrong = [...(hasOutput(id) ? ["id"] : []), ...(hasOutput(host) ? ["host"] : []), ...(isSwarm ? outputs : [])];
  if (wrong.length > 0) {
    const where = isSwarm ? "On a swarm, no argument" : "Neither id nor host";
    throw new pulumi.RunError(`${where} of SparkCluster ${shown(name)} may be an output: ${wrong.join(", ")}.`);
  }
  const engine = engineOf(plain.engine, host ?? new pulumi.Config("docker").get("host"));
  // On a swarm a password is a plain value, such as that of config.require.
  const secrets = isSwarm ? ["registryPassword", "s3"] : outputs;
  const isSecret = (name: string) => secrets.includes(name.slice(namespace.length + 1));
  const read = (known: object) => check({ stack: id, project: namespace, values: textsOf(known), isSecret, subject, engine });
  if (outputs.length === 0) {
    const config = read(keys);
    return outlineOf({ config, engine, images: imagesToBuildOn(engine, config) });
  }
  // A secret argument would make all of the cluster's resources secret. Resources that contain a secret mark it themselves.
  const config = pulumi.unsecret(pulumi.output(keys).apply((known) => asItIs(() => read(known))));
  const workers = plain.workers === "per-node" ? 1 : plain.workers; // the check rejects the word on one engine
  return {
    stack: id,
    engine,
    sizes: { ...plain, workers },
    imageSource: plain.imageSource,
    hasWorkspaceFolder: plain.workspaceFolder !== "",
    generations: plain,
    swarm: undefined,
    config,
  };
}

/** Keeps an error's message. The SDK would write before it the name of every property that is computed from the failed output. */
function asItIs<T>(task: () => T): T {
  try {
    return task();
  } catch (error) {
    if (error instanceof Error) {
      const { message } = error;
      Object.defineProperty(error, "message", { get: () => message, set: () => undefined });
    }
    throw error;
  }
}

const namespace = "arguments";

type Plain = Pick<Values, (typeof plainKeys)[number]>;

/** Arguments in the form of Pulumi's configuration. */
function textsOf(values: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]: [string, unknown]) =>
      value === undefined ? [] : [[`${namespace}:${key}`, textOf(value)]],
    ),
  );
}

function hasOutput(value: unknown): boolean {
  return (
    pulumi.Output.isInstance(value) ||
    value instanceof Promise ||
    (typeof value === "object" && value !== null && Object.values(value).some(hasOutput))
  );
}

/** @throws {pulumi.RunError} with the keys that are outputs or have no such value. */
function readPlain(keys: Omit<SparkClusterArgs, "id" | "host">, outputs: readonly string[], subject: Subject): Plain {
  const problems: Problem[] = [];
  const values = plainKeys.map((key) => {
    const given = keys[key];
    const text = given === undefined ? schema[key].default : textOf(given);
    const value = outputs.includes(key)
      ? new Refusal("a plain value, because it decides which resources there are", schema[key].default)
      : schema[key].read(text);
    if (value instanceof Refusal) {
      problems.push(refused(key, outputs.includes(key) ? "an output" : shown(text), value));
    }
    return [key, value] as const;
  });
  // If every argument is plain, these problems are reported with all others.
  if (problems.length > 0 && outputs.length > 0) {
    throw new pulumi.RunError(new ConfigError(subject, problems).message);
  }
  return Object.fromEntries(values) as Plain;
}

/** The words of errors for a program's arguments. */
function subjectOf(name: string, hasOutputs: boolean): Subject {
  return {
    what: `the arguments of SparkCluster ${shown(name)}`,
    step: argumentOf,
    joint: ", ",
    name: { key: "id", fix: set("id", "my-cluster") },
    apply: "pulumi up",
    listing: "SparkClusterArgs has all",
    // When an output is known, the network and the volumes may be there.
    ...(hasOutputs && { unchanged: "no container" }),
  };
}

/** A step of a fix as a change of the arguments. */
function argumentOf(step: Step): string {
  if ("advice" in step) {
    return step.advice;
  }
  if ("command" in step) {
    return step.command;
  }
  if ("remove" in step) {
    return `leave out ${step.remove}`;
  }
  if (step.value === undefined) {
    return `${step.set}: a secret output, such as new pulumi.Config().requireSecret(${JSON.stringify(step.set)})`;
  }
  return `${step.set}: ${/^(\d+|true|false)$/.test(step.value) ? step.value : JSON.stringify(step.value)}`;
}
