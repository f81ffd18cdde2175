import { Engine } from "../engine/engine";
import { EngineFacts, EngineSize, PublishedPort } from "../engine/facts";
import { SwarmFacts } from "../engine/nodes";
import { pagesOf } from "../roles";
import { acceleratorProblems, offHeapOf } from "./accelerator";
import { ClusterConfig, imageKeys, passedKeys, sourceKeys } from "./clusterConfig";
import { Declaration, fieldsOf } from "./declaration";
import { readFields, refused } from "./fields";
import { readFolders } from "./folders";
import { packageKeys, packageProblems } from "./packages";
import { coreLimits, placingProblems } from "./placing";
import { addressProblems, PortHolder, portProblems, readPorts } from "./ports";
import { ConfigError, isStackName, nearestOf, Problem, shown, stackSubject, Subject } from "./problem";
import { Refusal } from "./readers";
import { readRequirements } from "./requirements";
import { hasBucket, readS3 } from "./s3";
import { Key, keys, schema, sizeKeys, switches, Values } from "./schema";
import { serviceNameProblems } from "./serviceNames";
import { coreProblems, sizeProblems } from "./sizes";
import { sparkConnectProblems } from "./sparkConnect";
import { engineProblems, supplyKeys, supplyProblems } from "./supply";
import { readSwarm } from "./swarm";
import { sparkPropertyProblems } from "./sparkProperties";
import { tableProblems } from "./tableFormats";

/** All inputs of the reader. The same inputs always give the same result, except for the files that it names and the date. */
export interface ConfigSource extends Pick<EngineFacts, "limits" | "bridgeMoves"> {
  /** The stack's name, or another name of the cluster on its engine. */
  readonly stack: string;
  /** @default the configuration of the stack */
  readonly subject?: Subject | undefined;
  /** The project's name, the namespace of its keys. */
  readonly project: string;
  /** The stack's config as Pulumi passes it: `namespace:key` -> text, including the defaults of Pulumi.yaml. */
  readonly values: Readonly<Record<string, string>>;
  /** Whether a value is a secret, which messages must not show. Takes a name as in `values`. */
  readonly isSecret: (name: string) => boolean;
  /** The engine's architecture, as images name it: `amd64`, `arm64` ... */
  readonly architecture: string;
  readonly engine: Engine;
  /** The users of its containers; missing if it does not respond. */
  readonly users?: EngineFacts["users"] | undefined;
  /** Whether the stack's running containers have a mapping of users; missing if there are none. */
  readonly isMapped?: boolean | undefined;
  /** The engine's CPUs and memory; missing if it does not respond. */
  readonly size?: EngineSize;
  /** The nodes of the swarm, for a stack on a swarm; missing if it does not respond. */
  readonly swarm?: SwarmFacts;
  /** The addresses of the engine's machine; missing if they are not known. */
  readonly addresses?: readonly string[] | undefined;
  /** The holder of a port of the engine's machine, if it is not this stack. */
  readonly portHolder: PortHolder;
  /** The ports that the stack's running containers publish; missing if the engine does not respond. */
  readonly ownPorts?: readonly PublishedPort[] | undefined;
}

/**
 * Reads and checks a stack's configuration.
 *
 * @throws {ConfigError} with all problems, not only the first.
 */
export function readConfig(source: ConfigSource): ClusterConfig {
  const { subject = stackSubject(source.stack), engine } = source;
  const problems: Problem[] = isStackName(source.stack) ? [] : [badName(source.stack, subject)];
  const given: Partial<Record<Key, unknown>> = {};
  const wrong = new Set<Key>();

  const isSecret = (key: Key): boolean => source.isSecret(`${source.project}:${key}`);
  const show = (key: Key, text: string): string => (isSecret(key) ? "(secret)" : shown(text));

  const texts = new Map<string, string>(keys.map((key) => [key, schema[key].default]));
  for (const [name, text] of Object.entries(source.values)) {
    if (name.startsWith(`${source.project}:`)) {
      texts.set(name.slice(source.project.length + 1), text);
    }
  }
  for (const [key, text] of texts) {
    if (!isKey(key)) {
      problems.push(unknownKey(key, keys, subject));
      continue;
    }
    const declared: Declaration<unknown> = schema[key];
    const group = fieldsOf(declared);
    const value = declared.read(text);
    if (value instanceof Refusal) {
      wrong.add(key);
      problems.push(refused(key, show(key, text), value));
      given[key] = declared.read(declared.default);
    } else if (group === undefined) {
      given[key] = value;
    } else {
      const fields = readFields(key, group, value as Readonly<Record<string, string>>, (each) => show(key, each));
      given[key] = fields.values;
      problems.push(...fields.problems);
    }
  }

  /** The values of all keys; the default of a key that is wrong. */
  const values = given as Values;
  const areSound = (...wanted: readonly Key[]): boolean => wanted.every((key) => !wrong.has(key));
  const withProblems = <T extends { readonly problems: readonly Problem[] }>(read: T): T => {
    problems.push(...read.problems);
    return read;
  };

  const { s3 } = withProblems(readS3(values, isSecret("s3"), (text) => show("s3", text)));
  const { swarm, workers } = withProblems(readSwarm(values, source, show));
  const sizes = { ...pick(values, sizeKeys), workers, offHeapMemory: offHeapOf(values) };
  if (areSound(...sizeKeys, "accelerator")) {
    if (swarm === undefined || source.swarm === undefined) {
      problems.push(...sizeProblems(sizes, swarm === undefined ? source.size : undefined));
    } else {
      problems.push(...coreProblems(sizes, coreLimits(source.swarm, swarm, sizes)));
      const imageSource = areSound("imageSource") ? values.imageSource : "pull";
      problems.push(...serviceNameProblems(source.stack, { sizes, swarm }, subject.name));
      problems.push(...placingProblems({ facts: source.swarm, swarm, sizes, bucket: hasBucket(s3), imageSource, show }));
    }
  }
  problems.push(...sparkPropertyProblems(values.sparkProperties));

  const { text: requirements } = withProblems(readRequirements(values.pythonRequirements, isSecret("pythonRequirements")));
  problems.push(...packageKeys.flatMap((key) => packageProblems(key, values[key], isSecret(key))));
  problems.push(...(areSound("tables", "sparkVersion", "catalog") ? tableProblems(values, values.extraJars) : []));
  const isAcceleratorSound = areSound("accelerator", "sparkVersion", "offHeapMemory");
  problems.push(...(isAcceleratorSound ? acceleratorProblems(values, values.extraJars) : []));
  problems.push(...(areSound("sparkConnect", "sparkVersion") ? sparkConnectProblems(values) : []));

  const { folders } = withProblems(readFolders(values, { ...source, isSwarm: swarm !== undefined }, show));
  const ports = readPorts(values.ports);
  const pages = areSound(...switches) ? pagesOf({ sizes, swarm }) : [];
  const bindAddress = areSound("bindAddress") ? values.bindAddress : undefined;
  problems.push(...addressProblems(values.bindAddress, source.addresses, (text) => show("bindAddress", text)));
  problems.push(...portProblems(ports, pages, { ...source, bindAddress, apply: subject.apply }));

  problems.push(...(areSound(...supplyKeys) ? supplyProblems(values, isSecret) : []), ...engineProblems(engine));

  if (problems.length > 0) {
    throw new ConfigError(subject, problems);
  }
  return {
    ...pick(values, passedKeys),
    stack: source.stack,
    sizes,
    swarm,
    limits: source.limits,
    bridgeMoves: source.bridgeMoves,
    images: {
      ...pick(values, imageKeys),
      requirements,
      s3: s3 !== undefined,
      historyMetrics: values.metrics && values.historyServer,
    },
    supply: {
      source: values.imageSource,
      registry: values.imageRegistry,
      tag: values.imageTag,
      user: values.registryUser,
      password: values.registryPassword,
      architecture: source.architecture,
    },
    packageSources: { ...pick(values, sourceKeys), certificates: values.caCertificates },
    ports,
    folders,
    s3,
  };
}

function pick<K extends Key>(values: Values, names: readonly K[]): Pick<Values, K> {
  return Object.fromEntries(names.map((name) => [name, values[name]])) as Pick<Values, K>;
}

const byHand = { advice: "remove it from the stack's file, Pulumi.<stack>.yaml" };

function isKey(key: string): key is Key {
  return Object.hasOwn(schema, key);
}

function badName(stack: string, { name }: Subject): Problem {
  return {
    key: name.key,
    value: shown(stack),
    allowed: "a name that begins with a letter or a digit and has letters, digits, and . _ - after it, 100 in all",
    fix: [name.fix],
  };
}

function unknownKey(key: string, known: readonly string[], subject: Subject): Problem {
  return {
    key: /^[\w.-]{1,60}$/.test(key) ? key : shown(key),
    value: "no such key",
    allowed: `the nearest is ${nearestOf(key, known)}; ${subject.listing}`,
    // No Pulumi command removes a key that looks like an option, contains a namespace or cannot be typed.
    fix: [/^[ -9;-~]{1,60}$/.test(key) && !key.startsWith("-") ? { remove: key, isLiteral: true } : byHand],
  };
}
