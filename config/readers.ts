import { isIP } from "node:net";

import { isRegistryHost } from "../engine/addresses";
import { tried } from "../engine/tried";
import { Step } from "./problem";
import { formatMemory, largestMemory, Mebibytes, nearestMemory, parseMemory } from "./memory";

/**
 * The rejection of a value: the allowed values in words, and a valid one; empty if there is no sensible suggestion. If the value can
 * stay, a step that makes it valid.
 */
export class Refusal {
  constructor(
    readonly allowed: string,
    readonly suggestion: string,
    readonly step?: Step,
  ) {}
}

/** Parses the text of a config value, or rejects it. */
export interface Reader<T> {
  (text: string): T | Refusal;
  /** How a program writes the value: a type of TypeScript. @default "string" */
  readonly type?: string;
}

/** A reader whose values a program does not write as strings. */
export function typed<T>(type: string, read: (text: string) => T | Refusal): Reader<T> {
  return Object.assign(read, { type });
}

/** Whole numbers from `min` to `max`. For another, `usual` is suggested, or the nearest bound. */
export function wholeNumber(min: number, max: number, usual?: number): Reader<number> {
  return typed("number", (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    return value >= min && value <= max
      ? value
      : new Refusal(`a whole number from ${min} to ${max}`, String(usual ?? (value > max ? max : min)));
  });
}

/** Memory as Spark writes it, from `min` to `largestMemory`. */
export function memory(min: Mebibytes): Reader<Mebibytes> {
  return (text) => {
    const value = parseMemory(text);
    if (value !== undefined && value >= min && value <= largestMemory) {
      return value;
    }
    const meant = value ?? parseMemory(nearestMemory(text) ?? "") ?? min;
    const bound = meant > largestMemory ? `at most ${formatMemory(largestMemory)}` : `at least ${formatMemory(min)}`;
    const allowed = `memory as Spark writes it, in whole numbers (512m, 2g), ${bound}`;
    return new Refusal(allowed, formatMemory(Math.min(Math.max(meant, min), largestMemory)));
  };
}

/** One of several words. */
export function oneOf<T extends string>(choices: readonly T[]): Reader<T> {
  const [first = ""] = choices;
  return typed(
    choices.map((choice) => JSON.stringify(choice)).join(" | "),
    (text) => choices.find((choice) => choice === text) ?? new Refusal(`one of ${choices.join(", ")}`, first),
  );
}

/** A special word, in addition to the values of another reader. */
export function orWord<W extends string, T>(special: W, other: Reader<T>): Reader<T | W> {
  const type = other.type === undefined ? "string" : `${other.type} | ${JSON.stringify(special)}`; // a string may be the word
  return typed(type, (text) => {
    const value = text === special ? special : other(text);
    return value instanceof Refusal ? new Refusal(`${value.allowed}, or ${special}`, value.suggestion) : value;
  });
}

/** `true` or `false`. */
export const flag = typed("boolean", (text) =>
  text === "true" || text === "false" ? text === "true" : new Refusal("true or false", "true"),
);

/** A time in days or hours, as Spark writes it: `30d`, `12h`. */
export const duration: Reader<string> = (text) =>
  /^[1-9]\d{0,4}[dh]$/.test(text) ? text : new Refusal("a time in days or hours as Spark writes it (30d, 12h)", "30d");

/** A time after which something is idle, or `none`. */
export const idleTime: Reader<string> = (text) =>
  /^([1-9]\d{0,4}[smh]|none)$/.test(text) ? text : new Refusal("a time in minutes or hours (30m, 2h), or none", "30m");

/** An IP address to bind to. An IPv6 zone is rejected, because engines cannot publish ports on one. */
export const address: Reader<string> = (text) =>
  isIP(text) !== 0 && !text.includes("%")
    ? text
    : new Refusal("an IP address of the engine's machine, 127.0.0.1 to keep ports closed to others", "127.0.0.1");

/** The path of all pages for a reverse proxy; may be empty. Spark takes what follows a part `proxy` or `history` for an id. */
export const basePath: Reader<string> = (text) =>
  text.length <= 200 && /^(\/(?!(proxy|history)(\/|$))\w[\w.~-]*)*$/.test(text)
    ? text
    : new Refusal(
        "a path such as /spark or /team/spark: no / at its end, no part proxy or history, 200 characters at most",
        "/spark",
      );

/** The name of an image, as `docker pull` takes it. */
export const imageName: Reader<string> = (text) =>
  /^[a-z0-9][\w./:@-]{0,254}$/.test(text)
    ? text
    : new Refusal("the name of a Debian 12 image, as docker pull takes it", "docker.io/library/debian:bookworm-slim");

/** A registry's host, with optional port and path; may be empty. */
export const registry: Reader<string> = (text) =>
  text === "" ||
  (text.length <= 200 &&
    /^[a-z0-9][a-z0-9.-]*(:\d{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/.test(text) &&
    isRegistryHost(text.split("/")[0] ?? ""))
    ? text
    : new Refusal("a registry's host, with port and path if it has them, and nothing before it", "registry.example.com/team");

/** The tag of an image; may be empty. */
export const tag: Reader<string> = (text) =>
  /^(\w[\w.-]{0,127})?$/.test(text) ? text : new Refusal("an image's tag: letters, digits and . _ -, 128 at most", "v1");

/** Whether a text is one printable line: no control characters, no Unicode line ends, no single surrogates. */
function isOneLine(text: string): boolean {
  return !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(text);
}

/** Any line of text; may be empty. */
export const line: Reader<string> = (text) =>
  text.length <= 4096 && isOneLine(text) ? text : new Refusal("one line, 4096 characters at most", "");

/** An http(s) URL in ASCII, without the special characters of shells and sed; may be empty. */
export const url: Reader<string> = (text) =>
  text === "" || (/^https?:\/\/(?:(?!['"`$#&|\\<>])[!-~]){1,2000}$/.test(text) && URL.canParse(text))
    ? text.replace(/\/+$/, "")
    : new Refusal(
        "an address that begins with http:// or https://, special characters written as %xx, or nothing",
        "https://mirror.example.com/path",
      );

/** A short word without a shell's special characters; may be empty. */
export const word: Reader<string> = (text) =>
  /^[\w.:,/*-]{0,200}$/.test(text) ? text : new Refusal("letters, digits and . : , / * _ -, 200 at most", "2026-01-31");

/** The name of a bucket, as S3 takes it; may be empty. */
export const bucket: Reader<string> = (text) =>
  /^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$/.test(text)
    ? text
    : new Refusal("the name of a bucket: lowercase letters, digits, . and -, 3 to 63 characters", "");

/** A port; `usual` is suggested instead of an invalid one. */
export const port = (usual: number): Reader<number> => wholeNumber(1, 65535, usual);

/** A label of a swarm node with its value: `disk=ssd`. */
export const nodeLabel: Reader<string> = (text) =>
  /^\w[\w./-]{0,99}=\w[\w.-]{0,99}$/.test(text) ? text : new Refusal("a node's label and its value, such as disk=ssd", "");

/** An export of an NFS server. */
export interface NfsExport {
  /** A host name or an IP address. An IPv6 address has no brackets, because mount does not accept them. */
  readonly server: string;
  readonly path: string;
}

export const nfsExport: Reader<NfsExport> = (text) => {
  const [, name, address, path = ""] = /^(?:([\w.-]+)|\[([\da-f:]+)\]):(\/[\w./-]*)$/.exec(text) ?? [];
  const server = name ?? address;
  return server === undefined
    ? new Refusal("a server and what it exports, such as files.example.com:/export", "")
    : { server, path };
};

/** Options of mount.nfs. */
export const nfsOptions: Reader<string> = (text) => (/^[\w.=,:-]{1,200}$/.test(text) ? text : new Refusal(nfsOptionsAllowed, ""));
export const nfsOptionsAllowed = "options of mount.nfs beside nfs, such as nfsvers=4.2,hard";

/** A folder that all nodes of a swarm have mounted. */
export const sharedFolder: Reader<string> = (text) =>
  /^\/[\w./-]{1,200}$/.test(text) ? text : new Refusal(sharedFolderAllowed, "");
export const sharedFolderAllowed = "the path of a folder that all nodes see as one, and no nfs beside it";

/** What `read` finds for a folder's path or for one of two words; `usual` is the default. */
export function folder<T>(usual: string, other: string, read: (text: string) => T | Refusal): Reader<T> {
  return (text) =>
    text !== "" && text.length <= 4096 && isOneLine(text)
      ? read(text)
      : new Refusal(`the path of a folder, ${usual} or ${other}`, usual);
}

/** A file's path; may be empty. The function that reads the file checks that it exists. */
export const filePath: Reader<string> = (text) =>
  text.length <= 4096 && isOneLine(text) ? text : new Refusal("the path of a file", "");

/** A JSON object of strings, numbers or booleans, each read as text. */
export const textMap = typed<Readonly<Record<string, string>>>("Record<string, Input<string | number | boolean>>", (text) => {
  const refusal = new Refusal('a map of settings, such as { "spark.sql.shuffle.partitions": 8 }', "");
  const value = tried<unknown>(() => JSON.parse(text));
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return refusal;
  }
  const entries = Object.entries(value);
  if (entries.some(([, each]) => typeof each === "number" && Math.abs(each) > Number.MAX_SAFE_INTEGER)) {
    return new Refusal("a map whose numbers of more than 15 digits are in quotes, or they would lose the last of them", "");
  }
  return entries.every(([, each]) => ["string", "number", "boolean"].includes(typeof each))
    ? Object.fromEntries(entries.map(([key, each]) => [key, String(each)]))
    : refusal;
});
