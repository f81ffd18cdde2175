import { Problem, setCommand, shown } from "./problem";
import { Reader, Refusal } from "./readers";

/** What may be a name of a package, of Python's or of Maven's. */
const name = "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?";
const extras = `(?:\\[${name}(?:,${name}){0,9}\\])?`;
const specifier = "(?:===?|~=|!=|[<>]=?)[A-Za-z0-9.*+!_-]{1,40}";
const requirement = new RegExp(`^${name}${extras}(?:${specifier}(?:,${specifier}){0,9})?$`);
const coordinate = new RegExp(`^${name}:${name}:[A-Za-z0-9][A-Za-z0-9._+-]{0,60}(?:@sha256:[0-9a-f]{64})?$`);

/** The most that a build is asked to add. */
const most = 100;

/** A list of texts, as Pulumi hands it over. */
export const list: Reader<readonly string[]> = (text) => {
  const refusal = new Refusal(`a list, at most ${most} long, begun with pulumi config set --path 'KEY[0]' ...`, "");
  try {
    const value = JSON.parse(text) as unknown;
    return Array.isArray(value) && value.length <= most && value.every((each) => typeof each === "string") ? value : refusal;
  } catch {
    return refusal;
  }
};

/** What is no requirement of pip's. Only the plainest are taken: a name, its extras, versions. */
export function pythonPackageProblems(requirements: readonly string[], isSecret = false): Problem[] {
  return problemsOf("extraPythonPackages", requirements, isSecret, requirement, {
    allowed: "a package's name with its version, and nothing else, such as delta-spark==4.4.0",
    example: "NAME==VERSION",
  });
}

/** What are no coordinates of Maven's, nor such with the sum that the jar has to have. */
export function jarProblems(coordinates: readonly string[], isSecret = false): Problem[] {
  return problemsOf("extraJars", coordinates, isSecret, coordinate, {
    allowed:
      "Maven coordinates, group:artifact:version, such as org.postgresql:postgresql:42.7.7, and @sha256:... if it has to be that very jar",
    example: "GROUP:ARTIFACT:VERSION",
  });
}

function problemsOf(
  key: string,
  values: readonly string[],
  isSecret: boolean,
  pattern: RegExp,
  { allowed, example }: { readonly allowed: string; readonly example: string },
): Problem[] {
  return values.flatMap((value, index) => {
    if (pattern.test(value)) {
      return [];
    }
    // With spaces, as many write it, is nearly right.
    const plain = value.replace(/\s/g, "");
    const fix = setCommand(`--path '${key}[${index}]'`, pattern.test(plain) && !isSecret ? plain : example);
    return [{ key: `${key}[${index}]`, value: isSecret ? "(secret)" : shown(value), allowed, fix }];
  });
}
