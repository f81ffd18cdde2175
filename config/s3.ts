import { S3 } from "./clusterConfig";
import { nearestOf, Problem, setCommand, shown } from "./problem";
import { bucket, flag, line, Reader, Refusal, url, word } from "./readers";

const fields = {
  endpoint: url,
  accessKey: line,
  secretKey: line,
  region: word,
  pathStyle: flag,
  bucket,
} satisfies Record<keyof S3, Reader<unknown>>;
const names = Object.keys(fields) as (keyof S3)[];

/** Where nobody names one: what stores that have no regions want to hear. */
const commonRegion = "us-east-1";

/** Reads the key `s3`: nothing where nothing is given, else a whole store. */
export function readS3(
  given: Readonly<Record<string, string>>,
  isSecret: boolean,
): { readonly s3: S3 | undefined; readonly problems: readonly Problem[] } {
  if (Object.keys(given).length === 0) {
    return { s3: undefined, problems: [] };
  }
  const problems = [...Object.keys(given).flatMap(unknownField), ...credentialProblems(given, isSecret)];
  const read = <T>(field: keyof S3, reader: Reader<T>, otherwise: T): T => {
    const value = given[field] === undefined ? otherwise : reader(given[field]);
    if (value instanceof Refusal) {
      // Not shown, as one of the others is a secret.
      problems.push({ key: `s3.${field}`, value: "(not shown)", allowed: value.allowed, mend: mend(field, value.suggestion) });
      return otherwise;
    }
    return value;
  };
  const endpoint = read("endpoint", fields.endpoint, "");
  const s3 = {
    endpoint,
    accessKey: read("accessKey", fields.accessKey, ""),
    secretKey: read("secretKey", fields.secretKey, ""),
    region: read("region", fields.region, commonRegion),
    // Amazon's own store is the one that has a host for each bucket.
    pathStyle: read("pathStyle", fields.pathStyle, endpoint !== ""),
    bucket: read("bucket", fields.bucket, ""),
  };
  return { s3, problems };
}

/** Whether a stack keeps its event logs and tables in an object store. */
export function hasBucket(s3: S3 | undefined): s3 is S3 {
  return s3 !== undefined && s3.bucket !== "";
}

function credentialProblems(given: Readonly<Record<string, string>>, isSecret: boolean): Problem[] {
  return (["accessKey", "secretKey"] as const).flatMap((field) => {
    const value = given[field] ?? "";
    if (value !== "" && isSecret) {
      return [];
    }
    return [
      {
        key: `s3.${field}`,
        value: value === "" ? "nothing" : "plain text",
        allowed: "a secret, which the command asks for",
        mend: `pulumi config set --secret --path s3.${field}`,
      },
    ];
  });
}

function unknownField(name: string): Problem[] {
  if (names.some((each) => each === name)) {
    return [];
  }
  const plain = /^\w{1,60}$/.test(name);
  return [
    {
      key: `s3.${plain ? name : shown(name)}`,
      value: "no such key",
      allowed: `the nearest is ${nearestOf(name, names)}; s3 has ${names.join(", ")}`,
      mend: plain ? `pulumi config rm --path s3.${name}` : "pulumi config rm s3",
    },
  ];
}

function mend(field: keyof S3, suggestion: string): string {
  return suggestion === "" ? `pulumi config rm --path s3.${field}` : setCommand(`--path s3.${field}`, suggestion);
}
