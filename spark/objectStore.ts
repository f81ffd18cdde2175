import { ClusterConfig, S3 } from "../config/clusterConfig";

/** The host name of the object store in the stack's network, and its port. */
export const objectStoreHost = "object-store";
export const objectStorePort = 7070;

/** Its URL in the stack's network. */
export const objectStoreUrl = `http://${objectStoreHost}:${objectStorePort}`;

/** The region that its clients have to name, S3's default. */
export const objectStoreRegion = "us-east-1";

/** The bucket that every object store has. */
const firstBucket = "spark";

/** Its generated credentials. */
export type ObjectStoreKeys = Pick<S3, "accessKey" | "secretKey">;

/** The file with these credentials in the form that AWS's clients read. */
export const credentialsFile = "aws-credentials";

/** What AWS's clients have to know about the store, by their environment variables; without the credentials. */
export function clientEnvironment(endpoint: string): Record<string, string> {
  return { AWS_ENDPOINT_URL_S3: endpoint, AWS_REGION: objectStoreRegion, AWS_DEFAULT_REGION: objectStoreRegion };
}

/** Variables for AWS's clients on the engine's machine, as lines that a shell or an env file takes. */
export function clientVariables(endpoint: string, { accessKey, secretKey }: ObjectStoreKeys): string {
  const variables = { ...clientEnvironment(endpoint), AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey };
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

/** The content of {@link credentialsFile}. */
export function credentialsOf({ accessKey, secretKey }: ObjectStoreKeys): string {
  return `[default]\naws_access_key_id = ${accessKey}\naws_secret_access_key = ${secretKey}\n`;
}

/** The buckets that it has from the start. */
export function objectStoreBuckets({ s3 }: Pick<ClusterConfig, "s3">): string[] {
  return [...new Set([firstBucket, ...(s3 === undefined || s3.bucket === "" ? [] : [s3.bucket])])];
}
