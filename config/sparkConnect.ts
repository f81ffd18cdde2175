import { Values } from "./schema";
import { Problem, set } from "./problem";
import { defaultSparkVersion } from "./sparkVersions";

/** The problem of a Spark Connect server with a Spark before 4.0. */
export function sparkConnectProblems(values: Pick<Values, "sparkConnect" | "sparkVersion">): Problem[] {
  const { sparkConnect, sparkVersion } = values;
  if (!sparkConnect || Number(sparkVersion.split(".")[0]) >= 4) {
    return [];
  }
  return [
    {
      key: "sparkConnect",
      value: "true",
      allowed: `false with Spark ${sparkVersion}: before Spark 4.0 its Connect server knows no token, and serves whoever reaches its port`,
      fix: [set("sparkVersion", defaultSparkVersion)],
    },
  ];
}
