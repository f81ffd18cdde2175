import { Problem, remove, set, shown } from "./problem";

/** Settings that have a config key of their own, because the memory and core calculations use them. */
const ownKeys: Readonly<Record<string, string>> = {
  "spark.cores.max": "sessions",
  "spark.driver.memory": "driverMemory",
  "spark.executor.cores": "executorCores",
  "spark.executor.memory": "executorMemory",
  "spark.executor.pyspark.memory": "pythonMemory",
  "spark.memory.offHeap.enabled": "offHeapMemory",
  "spark.memory.offHeap.size": "offHeapMemory",
  "spark.sql.catalogImplementation": "catalog",
};

/** Settings that would bypass the cluster's security or disconnect a role from the others. */
const closed: readonly [pattern: RegExp, reason: string][] = [
  [/^spark\.(authenticate|acls|admin\.acls|modify\.acls)\b/, "authentication is the cluster's own"],
  [/^spark\.(redaction|sql\.redaction)\b/, "it would show the cluster's secret on a page"],
  [/^spark\.(network\.crypto|network\.sasl|ssl|io\.encryption\.keygen)\b/, "encryption is the cluster's own"],
  [/^spark\.(master|deploy|submit\.deployMode|worker)\b/, "master and workers are the cluster's own"],
  [/^spark\.ui\.(?!retained|show|timeline|prometheus)/, "the doors of Spark's UI are the cluster's own"],
  [/^spark\.connect\.(authenticate|grpc\.binding)\b/, "the door of Spark Connect is the cluster's own"],
  [
    /^spark\.(driver|executor|blockManager|broadcast|history|shuffle|connect|rpc)\b.*\.(port|bindAddress|host)$/,
    "addresses and ports are the cluster's own",
  ],
  [/^spark\.eventLog\.dir$/, "the history server reads event logs in the cluster's folder or, with s3.bucket, in the bucket"],
  [/^spark\.history\./, "the history server reads none of them; eventLogRetention limits the age of event logs"],
];

/** The problems of `sparkProperties`. Messages show no value, because some are secret. */
export function sparkPropertyProblems(properties: Readonly<Record<string, string>>): Problem[] {
  return Object.entries(properties).flatMap(([setting, value]) => {
    const allowed = refusalOf(setting, value);
    const key = `sparkProperties[${isPlain(setting) ? `"${setting}"` : shown(setting)}]`;
    return allowed === undefined ? [] : [{ key, value: "(not shown)", ...allowed }];
  });
}

/** Whether a setting's name needs no quoting in a message or in a command. */
function isPlain(setting: string): boolean {
  return /^[\w.-]{1,206}$/.test(setting);
}

function refusalOf(setting: string, value: string): Pick<Problem, "allowed" | "fix"> | undefined {
  const withoutIt = remove(isPlain(setting) ? `sparkProperties["${setting}"]` : "sparkProperties");
  if (!/^spark\.[\w.-]{1,200}$/.test(setting)) {
    return { allowed: "the name of a Spark setting: spark. and then letters, digits, dots, - and _", fix: [withoutIt] };
  }
  const key = ownKeys[setting];
  if (key !== undefined) {
    return {
      allowed: `has a key of its own, ${key}, which the cluster's sizes are computed from`,
      fix: [withoutIt, set(key, "...")],
    };
  }
  const door = closed.find(([pattern]) => pattern.test(setting));
  if (door !== undefined) {
    return { allowed: `may not be set: ${door[1]}`, fix: [withoutIt] };
  }
  return /[\r\n\0]/.test(value) ? { allowed: "a value on one line", fix: [withoutIt] } : undefined;
}
