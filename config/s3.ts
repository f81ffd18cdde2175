import { objectStoreRegion, objectStoreUrl } from "../spark/objectStore";
import { S3 } from "./clusterConfig";
import { notSecret, Problem, remove, set } from "./problem";
import { schema, Values } from "./schema";

interface ReadS3 {
  readonly s3: S3 | undefined;
  readonly problems: readonly Problem[];
}

/** The key `s3` with its defaults, or the cluster's own store; undefined if there is neither. */
export function readS3(
  { s3: given, objectStore, target }: Pick<Values, "s3" | "objectStore" | "target">,
  isSecret: boolean,
  show: (text: string) => string,
): ReadS3 {
  if (objectStore) {
    const { bucket = "", ...others } = given;
    const own = { endpoint: objectStoreUrl, accessKey: "", secretKey: "", region: objectStoreRegion, pathStyle: true, bucket };
    return { s3: own, problems: [...swarmProblems(target), ...otherStoreProblems(others, show)] };
  }
  const fields = Object.keys(given);
  if (fields.length === 0) {
    return { s3: undefined, problems: [] };
  }
  if (fields.every((field) => field === "bucket")) {
    return { s3: undefined, problems: [bucketProblem(show(given.bucket ?? ""))] };
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

function swarmProblems(target: Values["target"]): Problem[] {
  const allowed = "false on a swarm, where the data would be on one node; s3.endpoint names a store that all nodes reach";
  return target === "engine" ? [] : [{ key: "objectStore", value: "true", allowed, fix: [set("objectStore", "false")] }];
}

/** The cluster's own store has no other address and no other keys. */
function otherStoreProblems(others: Omit<Values["s3"], "bucket">, show: (text: string) => string): Problem[] {
  return Object.entries(others).map(([field, value]) => ({
    key: `s3.${field}`,
    value: show(String(value)),
    allowed: "nothing with objectStore, whose address and keys the cluster sets; with objectStore false, another store",
    fix: [remove(`s3.${field}`)],
  }));
}

/** A bucket that is left over from the cluster's own store, or that comes before the credentials of another store. */
function bucketProblem(value: string): Problem {
  const allowed = "nothing without objectStore true, or s3.accessKey and s3.secretKey of another store";
  return { key: "s3.bucket", value, allowed, fix: [remove("s3.bucket")] };
}

function credentialProblems(given: Values["s3"], isSecret: boolean): Problem[] {
  return (["accessKey", "secretKey"] as const).flatMap((field) => {
    const isGiven = field in given && given[field] !== "";
    return isGiven && isSecret ? [] : [notSecret(`s3.${field}`, isGiven ? "plain text" : "nothing")];
  });
}
