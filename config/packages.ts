import { tried } from "../engine/tried";
import { Problem, remove, set, shown } from "./problem";
import { Refusal, typed } from "./readers";

/** Pattern of a package name, for Python and Maven. */
const name = "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?";
const extras = `(?:\\[${name}(?:,${name}){0,9}\\])?`;
const specifier = "(?:===?|~=|!=|[<>]=?)[A-Za-z0-9.*+!_-]{1,40}";
const requirement = new RegExp(`^${name}${extras}(?:${specifier}(?:,${specifier}){0,9})?$`);
const debianPackage = /^[a-z0-9][a-z0-9+.-]{0,98}[a-z0-9+](?:=[A-Za-z0-9][A-Za-z0-9.+:~-]{0,99})?$/;
const coordinate = new RegExp(`^${name}:${name}:[A-Za-z0-9][A-Za-z0-9._+-]{0,60}(?:@sha256:[0-9a-f]{64})?$`);

/** Limit of packages, and of jars. */
const most = 100;

/** Reads a list of strings, which Pulumi passes as JSON. */
export const list = typed<readonly string[]>("Input<string>[]", (text) => {
  const refusal = new Refusal(`a list of at most ${most} entries, started with pulumi config set --path 'KEY[0]' ...`, "");
  const value = tried<unknown>(() => JSON.parse(text));
  return Array.isArray(value) && value.length <= most && value.every((each) => typeof each === "string") ? value : refusal;
});

/** What an entry of a key has to be. */
interface Kind {
  readonly pattern: RegExp;
  readonly allowed: string;
  readonly example: string;
}

/** A requirement of pip, of which only a name with extras and versions is accepted. */
const python: Kind = {
  pattern: requirement,
  allowed: "a package's name with its version, and nothing else, such as delta-spark==4.4.0",
  example: "NAME==VERSION",
};

const kinds = {
  extraPythonPackages: python,
  extraLabPackages: python,
  extraDebianPackages: {
    pattern: debianPackage,
    allowed: "the name of a Debian 12 package, with =VERSION if it has to be that one, such as fonts-noto-cjk",
    example: "NAME",
  },
  extraJars: {
    pattern: coordinate,
    allowed:
      "Maven coordinates, group:artifact:version, such as org.postgresql:postgresql:42.7.7, with @sha256:... to pin the checksum",
    example: "GROUP:ARTIFACT:VERSION",
  },
} satisfies Record<string, Kind>;

/** The problems of jars in `extraJars` that another key, given with its value, brings in its own version. */
export function broughtTwice(by: string, jars: readonly string[], extraJars: readonly string[]): Problem[] {
  const brought = new Set(jars.map(artifactOf));
  const twice = extraJars.flatMap((jar, index) =>
    brought.has(artifactOf(jar)) ? [{ key: `extraJars[${index}]`, value: artifactOf(jar) }] : [],
  );
  // The last entry first: each removal changes the indexes of the entries after it.
  return twice.reverse().map(({ key, value }) => ({
    key,
    value,
    allowed: `no jar that ${by} brings in its own version`,
    fix: [remove(key)],
  }));
}

/** `group:artifact` of coordinates. */
function artifactOf(coordinates: string): string {
  return coordinates.split(":").slice(0, 2).join(":");
}

/** The keys that list packages or jars. */
export const packageKeys = Object.keys(kinds) as (keyof typeof kinds)[];

/** The problems of the packages that a key lists. */
export function packageProblems(key: keyof typeof kinds, values: readonly string[], isSecret = false): Problem[] {
  const { pattern, allowed, example } = kinds[key];
  return values.flatMap((value, index) => {
    if (pattern.test(value)) {
      return [];
    }
    // If only spaces are wrong, the suggestion is the value without them.
    const plain = value.replace(/\s/g, "");
    const entry = `${key}[${index}]`;
    const fix = [set(entry, pattern.test(plain) && !isSecret ? plain : example)];
    return [{ key: entry, value: isSecret ? "(secret)" : shown(value), allowed, fix }];
  });
}
