import { S3 } from "./clusterConfig";
import { notSecret, Problem } from "./problem";
import { schema, Values } from "./schema";

/** The key `s3` with its defaults; undefined if no field is set. */
export function readS3(
  given: Values["s3"],
  isSecret: boolean,
): { readonly s3: S3 | undefined; readonly problems: readonly Problem[] } {
  if (Object.keys(given).length === 0) {
    return { s3: undefined, problems: [] };
  }
  const { endpoint = "", region = schema.s3.fields.region.default, accessKey = "", secretKey = "", bucket = "" } = given;
  // Amazon S3 has a host for each bucket; other stores rarely do.
  const { pathStyle = endpoint !== "" } = given;
  return { s3: { endpoint, accessKey, secretKey, region, pathStyle, bucket }, problems: credentialProblems(given, isSecret) };
}

/** Whether the stack's event logs and tables are in an object store. */
export function hasBucket(s3: S3 | undefined): s3 is S3 {
  return s3 !== undefined && s3.bucket !== "";
}

function credentialProblems(given: Values["s3"], isSecret: boolean): Problem[] {
  return (["accessKey", "secretKey"] as const).flatMap((field) => {
    const isGiven = field in given && given[field] !== "";
    return isGiven && isSecret ? [] : [notSecret(`s3.${field}`, isGiven ? "plain text" : "nothing")];
  });
}
