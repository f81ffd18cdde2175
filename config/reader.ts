import { Engine } from "../engine/engine";
import { EngineFacts, EngineSize } from "../engine/facts";
import { SwarmFacts } from "../engine/nodes";
import { pagesOf } from "../roles";
import { acceleratorProblems, offHeapOf } from "./accelerator";
import { readCertificates } from "./certificates";
import { ClusterConfig, passedKeys } from "./clusterConfig";
import { Declaration, fieldsOf } from "./declaration";
import { readFields, refused } from "./fields";
import { readFolders } from "./folders";
import { debianPackageProblems, jarProblems, pythonPackageProblems } from "./packages";
import { placingProblems, smallestNode } from "./placing";
import { PortHolder, portProblems, readPorts } from "./ports";
import { ConfigError, isStackName, nearestOf, Problem, shown, stackSubject, Subject } from "./problem";
import { Refusal } from "./readers";
import { readRequirements } from "./requirements";
import { hasBucket, readS3 } from "./s3";
import { Key, keys, schema, sizeKeys, switches, Values } from "./schema";
import { sizeProblems } from "./sizes";
import { sparkConnectProblems } from "./sparkConnect";
import { engineProblems, supplyProblems } from "./supply";
import { readSwarm } from "./swarm";
import { sparkPropertyProblems } from "./sparkProperties";
import { tableProblems } from "./tableFormats";
import { readTls } from "./tls";

/** All inputs of the reader. The same inputs always give the same result, except for the files that it names and the date. */
export interface ConfigSource {
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
  /** Whether the engine can limit the memory and CPUs of containers. */
  readonly limits: boolean;
  /** The users of its containers; missing if it does not respond. */
  readonly users?: EngineFacts["users"] | undefined;
  /** Whether the stack's running containers have a mapping of users; missing if there are none. */
  readonly isMapped?: boolean | undefined;
  /** The engine's CPUs and memory; missing if it does not respond. */
  readonly size?: EngineSize;
  /** The nodes of the swarm, for a stack on a swarm; missing if it does not respond. */
  readonly swarm?: SwarmFacts;
  /** The holder of a port of the engine's machine, if it is not this stack. */
  readonly portHolder: PortHolder;
}

/**
 * Reads and checks a stack's configuration.
 *
 * @throws {ConfigError} with all problems, not only the first.
 */
export function readConfig(source: ConfigSource): ClusterConfig {
  const { subject = stackSubject(source.stack) } = source;
  const problems: Problem[] = isStackName(source.stack) ? [] : [badName(source.stack, subject)];
  const values: Partial<Record<Key, unknown>> = {};

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
      problems.push(refused(key, show(key, text), value));
    } else if (group === undefined) {
      values[key] = value;
    } else {
      const fields = readFields(key, group, value as Readonly<Record<string, string>>, (each) => show(key, each));
      values[key] = fields.values;
      problems.push(...fields.problems);
    }
  }

  const sound = <K extends Key>(...wanted: K[]): Pick<Values, K> | undefined =>
    wanted.every((key) => key in values)
      ? (Object.fromEntries(wanted.map((key) => [key, values[key]])) as Pick<Values, K>)
      : undefined;

  const orElse = <K extends Key>(key: K, otherwise: Values[K]): Values[K] => sound(key)?.[key] ?? otherwise;
  const { s3, problems: s3Problems } = readS3(orElse("s3", {}), isSecret("s3"));
  problems.push(...s3Problems);

  const {
    swarm,
    workers,
    problems: swarmProblems,
  } = readSwarm(
    {
      target: orElse("target", "engine"),
      workers: orElse("workers", 1),
      placement: orElse("placement", {}),
      sharedStorage: orElse("sharedStorage", {}),
      networkEncryption: orElse("networkEncryption", true),
      drainTimeout: orElse("drainTimeout", 1),
    },
    source,
    show,
  );
  problems.push(...swarmProblems);

  const counted = sound(...sizeKeys);
  const accelerated = sound("accelerator", "sparkVersion", "offHeapMemory");
  const sizes = counted && accelerated && { ...counted, workers, offHeapMemory: offHeapOf(accelerated) };
  problems.push(...(sizes ? sizeProblems(sizes, swarm === undefined ? source.size : smallestNode(source.swarm)) : []));
  if (sizes !== undefined && swarm !== undefined && source.swarm !== undefined) {
    const imageSource = orElse("imageSource", "pull");
    const bucket = hasBucket(s3);
    problems.push(...placingProblems({ facts: source.swarm, swarm, sizes, bucket, imageSource, show }));
  }
  problems.push(...sparkPropertyProblems(sound("sparkProperties")?.sparkProperties ?? {}));

  const { text: requirements, problems: requirementProblems } = readRequirements(
    orElse("pythonRequirements", ""),
    isSecret("pythonRequirements"),
  );
  problems.push(
    ...requirementProblems,
    ...(["extraPythonPackages", "extraLabPackages"] as const).flatMap((key) =>
      pythonPackageProblems(key, orElse(key, []), isSecret(key)),
    ),
    ...debianPackageProblems(orElse("extraDebianPackages", []), isSecret("extraDebianPackages")),
    ...jarProblems(orElse("extraJars", []), isSecret("extraJars")),
  );
  const ofTables = sound("tables", "sparkVersion", "catalog");
  problems.push(...(ofTables ? tableProblems(ofTables, orElse("extraJars", [])) : []));
  problems.push(...(accelerated ? acceleratorProblems(accelerated, orElse("extraJars", [])) : []));
  const connect = sound("sparkConnect", "sparkVersion");
  problems.push(...(connect ? sparkConnectProblems(connect) : []));

  const { folders, problems: folderProblems } = readFolders(
    { workspaceFolder: orElse("workspaceFolder", ""), folders: orElse("folders", {}), isSwarm: swarm !== undefined },
    source,
    show,
  );
  problems.push(...folderProblems);

  const ports = readPorts(orElse("ports", {}));
  const switched = sound(...switches);
  const pages = switched === undefined ? [] : pagesOf({ sizes: switched, swarm });
  problems.push(...portProblems(ports, pages, sound("bindAddress")?.bindAddress, source.portHolder));

  const supply = sound("imageSource", "imageRegistry", "imageTag", "registryUser", "registryPassword");
  problems.push(...(supply ? supplyProblems(supply, isSecret) : []));
  problems.push(...engineProblems(source.engine));

  const certificates = readCertificates(sound("caCertificates")?.caCertificates ?? "none");
  if (certificates instanceof Refusal) {
    problems.push(refused("caCertificates", show("caCertificates", String(values.caCertificates)), certificates));
  }

  const tls = readTls(sound("tls")?.tls ?? "none", Date.now());
  if (tls instanceof Refusal) {
    problems.push(refused("tls", show("tls", String(values.tls)), tls));
  }

  const rest = sound(...keys);
  const passed = sound(...passedKeys);
  // Every key without a valid value has added a problem, and so has everything that is read from it.
  if (problems.length > 0 || !sizes || !rest || !passed || certificates instanceof Refusal || tls instanceof Refusal) {
    throw new ConfigError(subject, problems);
  }
  return {
    ...passed,
    stack: source.stack,
    sizes,
    swarm,
    limits: source.limits,
    images: {
      baseImage: rest.baseImage,
      sparkVersion: rest.sparkVersion,
      tables: rest.tables,
      accelerator: rest.accelerator,
      requirements,
      extraPythonPackages: rest.extraPythonPackages,
      extraDebianPackages: rest.extraDebianPackages,
      extraLabPackages: rest.extraLabPackages,
      extraJars: rest.extraJars,
      s3: s3 !== undefined,
      historyMetrics: rest.metrics && rest.historyServer,
      rebuild: rest.rebuild,
    },
    supply: {
      source: rest.imageSource,
      registry: rest.imageRegistry,
      tag: rest.imageTag,
      user: rest.registryUser,
      password: rest.registryPassword,
      architecture: source.architecture,
    },
    packageSources: {
      certificates,
      pipIndexUrl: rest.pipIndexUrl,
      aptMirror: rest.aptMirror,
      mavenMirror: rest.mavenMirror,
      httpProxy: rest.httpProxy,
      noProxy: rest.noProxy,
    },
    ports,
    folders,
    tls,
    s3,
  };
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
