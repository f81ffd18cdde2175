import { distance } from "fastest-levenshtein";

import { readCertificates } from "./certificates";
import { ClusterConfig, Ports } from "./clusterConfig";
import { Key, keys, Values } from "./keys";
import { ConfigError, Problem, setCommand, shown } from "./problem";
import { Reader, Refusal, wholeNumber } from "./readers";
import { EngineSize, sizeProblems } from "./sizes";
import { sparkPropertyProblems } from "./sparkProperties";

/** What the reader is given: everything that it needs to know, so that the same input gives the same answer. */
export interface ConfigSource {
  /** The stack's name. */
  readonly stack: string;
  /** The project's name, the namespace of its keys. */
  readonly project: string;
  /** All of the stack's config as Pulumi hands it over: `namespace:key` -> text, defaults of Pulumi.yaml included. */
  readonly values: Readonly<Record<string, string>>;
  /** Whether a value, named as in `values`, is a secret and must not be shown. */
  readonly isSecret: (name: string) => boolean;
  /** What the engine has to give; left out where it does not answer. */
  readonly engine?: EngineSize;
  /** Who holds a port of the engine's machine, if it is not this stack. */
  readonly portHolder: (port: number, bindAddress: string) => string | undefined;
}

/** The ports that are published unless `ports` says otherwise. */
export const defaultPorts: Ports = { jupyterlab: 8888, sparkUi: 8080 };

/**
 * Reads and checks a stack's configuration.
 *
 * @throws {ConfigError} with every problem there is, not only the first.
 */
export function readConfig(source: ConfigSource): ClusterConfig {
  const problems: Problem[] = [];
  const values: Partial<Record<Key, unknown>> = {};

  for (const [name, text] of Object.entries(source.values)) {
    const [namespace, key = ""] = splitOnce(name);
    if (namespace !== source.project) {
      continue;
    }
    if (!isKey(key)) {
      problems.push(unknownKey(key, Object.keys(keys)));
      continue;
    }
    const read: Reader<unknown> = keys[key];
    const value = read(text);
    if (value instanceof Refusal) {
      problems.push(refused(key, source.isSecret(name) ? "(secret)" : shown(text), value));
    } else {
      values[key] = value;
    }
  }

  const sound = <K extends Key>(...wanted: K[]): Pick<Values, K> | undefined =>
    wanted.every((key) => key in values) ? (values as Pick<Values, K>) : undefined;

  const sizes = sound(
    "workers",
    "workerCores",
    "workerMemory",
    "executorCores",
    "executorMemory",
    "driverMemory",
    "pythonMemory",
    "sessions",
    "ideMemory",
    "masterMemory",
    "daemonMemory",
    "tmpMemory",
  );
  problems.push(...(sizes ? sizeProblems(sizes, source.engine) : []));
  problems.push(...sparkPropertyProblems(sound("sparkProperties")?.sparkProperties ?? {}));

  const ports = readPorts(sound("ports")?.ports ?? {}, problems);
  const bindAddress = sound("bindAddress")?.bindAddress;
  if (bindAddress !== undefined) {
    problems.push(...takenPorts(ports, bindAddress, source.portHolder));
  }

  const certificates = readCertificates(sound("caCertificates")?.caCertificates ?? "none");
  if (certificates instanceof Refusal) {
    problems.push(refused("caCertificates", shown(String(values.caCertificates)), certificates));
  }

  const rest = sound(...(Object.keys(keys) as Key[]));
  if (problems.length > 0 || sizes === undefined || rest === undefined || certificates instanceof Refusal) {
    throw new ConfigError(source.stack, problems.length > 0 ? problems : missing(values));
  }
  return {
    stack: source.stack,
    sizes,
    images: { baseImage: rest.baseImage, sparkVersion: rest.sparkVersion, rebuild: rest.rebuild },
    packageSources: {
      certificates,
      pipIndexUrl: rest.pipIndexUrl,
      aptMirror: rest.aptMirror,
      httpProxy: rest.httpProxy,
      noProxy: rest.noProxy,
    },
    bindAddress: rest.bindAddress,
    ports,
    sparkProperties: rest.sparkProperties,
    tokenGeneration: rest.tokenGeneration,
    secretGeneration: rest.secretGeneration,
    readyTimeout: rest.readyTimeout,
  };
}

function splitOnce(name: string): [string, string?] {
  const colon = name.indexOf(":");
  return colon < 0 ? [name] : [name.slice(0, colon), name.slice(colon + 1)];
}

function isKey(key: string): key is Key {
  return Object.hasOwn(keys, key);
}

function refused(key: string, value: string, refusal: Refusal): Problem {
  const mend = refusal.suggestion === "" ? `pulumi config rm ${key}` : setCommand(key, refusal.suggestion);
  return { key, value, allowed: refusal.allowed, mend };
}

function unknownKey(key: string, known: readonly string[]): Problem {
  const nearest = known.reduce((best, each) => (distance(key, each) < distance(key, best) ? each : best));
  const quoted = /^[\w.-]{1,60}$/.test(key) ? key : shown(key);
  return {
    key: quoted,
    value: "no such key",
    allowed: `the nearest is ${nearest}; pulumi config lists all`,
    mend: `pulumi config rm ${/^[\w.-]+$/.test(key) ? key : `'${key}'`}`,
  };
}

function missing(values: Partial<Record<Key, unknown>>): Problem[] {
  return (Object.keys(keys) as Key[])
    .filter((key) => !(key in values))
    .map((key) => ({ key, value: "no value", allowed: "a default in Pulumi.yaml", mend: "git checkout Pulumi.yaml" }));
}

function readPorts(given: Readonly<Record<string, string>>, problems: Problem[]): Ports {
  const read = wholeNumber(1, 65535);
  const ports = { ...defaultPorts };
  for (const [name, text] of Object.entries(given)) {
    if (name !== "jupyterlab" && name !== "sparkUi") {
      const unknown = unknownKey(name, Object.keys(defaultPorts));
      problems.push({ ...unknown, key: `ports.${unknown.key}`, mend: `pulumi config rm --path ports.${name}` });
      continue;
    }
    const port = read(text);
    if (port instanceof Refusal) {
      problems.push({ key: `ports.${name}`, value: shown(text), allowed: port.allowed, mend: setPort(name, defaultPorts[name]) });
    } else {
      ports[name] = port;
    }
  }
  if (ports.jupyterlab === ports.sparkUi) {
    const allowed = "a port of its own: ports.jupyterlab has the same";
    problems.push({
      key: "ports.sparkUi",
      value: String(ports.sparkUi),
      allowed,
      mend: setPort("sparkUi", ports.jupyterlab + 1),
    });
  }
  return ports;
}

function takenPorts(ports: Ports, bindAddress: string, holder: ConfigSource["portHolder"]): Problem[] {
  return (["jupyterlab", "sparkUi"] as const).flatMap((name) => {
    const held = holder(ports[name], bindAddress);
    const used = new Set([ports.jupyterlab, ports.sparkUi]);
    return held === undefined
      ? []
      : [
          {
            key: `ports.${name}`,
            value: String(ports[name]),
            allowed: `a free port: this one is held by ${held}`,
            mend: setPort(name, nextFree(ports[name], used)),
          },
        ];

    function nextFree(from: number, taken: Set<number>): number {
      let port = from + 1;
      while (port < 65535 && (taken.has(port) || holder(port, bindAddress) !== undefined)) {
        port += 1;
      }
      return port;
    }
  });
}

function setPort(name: keyof Ports, port: number): string {
  return `pulumi config set --path ports.${name} ${port}`;
}
