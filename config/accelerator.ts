import { formatMemory, Mebibytes } from "./memory";
import { broughtTwice } from "./packages";
import { Problem, set } from "./problem";
import { Values } from "./schema";
import { seriesOf, sparkVersions } from "./sparkVersions";

/** Comet's jar with its checksum, by the first two numbers of Spark's version. */
const comet: Readonly<Record<string, string>> = {
  "4.1":
    "org.apache.datafusion:comet-spark-spark4.1_2.13:1.2.0@sha256:5055c43dca9e8cce83c33b1ff25646d1436c94698ca48beb3475bf60843b8d37",
};

/** The least off-heap memory of an executor with an accelerator and `auto`. */
const usualMemory: Mebibytes = 1024;

/** The least off-heap memory of an executor with which the queries of `make bench` ran. */
const leastMemory: Mebibytes = 512;

type Choice = Pick<Values, "accelerator" | "sparkVersion">;

function jarFor(sparkVersion: string): string | undefined {
  return comet[seriesOf(sparkVersion)];
}

/** The jars of the accelerator, in the form of {@link TablePackages}; none without one. */
export function acceleratorJars({ accelerator, sparkVersion }: Choice): readonly string[] {
  const jar = accelerator === "none" ? undefined : jarFor(sparkVersion);
  return jar === undefined ? [] : [jar];
}

/**
 * The off-heap memory of each executor. Spark's own operators use it instead of the heap, so that with `auto` they have as much as
 * before: Spark gives them 0.6 of a heap (`spark.memory.fraction`).
 */
export function offHeapOf({
  accelerator,
  offHeapMemory,
  executorMemory,
}: Pick<Values, "accelerator" | "offHeapMemory" | "executorMemory">): Mebibytes {
  return offHeapMemory !== "auto"
    ? offHeapMemory
    : accelerator === "none"
      ? 0
      : Math.max(usualMemory, Math.ceil(0.6 * executorMemory));
}

/** The problems of the accelerator with the Spark version, its memory, and a jar that it brings itself. */
export function acceleratorProblems(values: Choice & Pick<Values, "offHeapMemory">, extraJars: readonly string[]): Problem[] {
  const { accelerator, sparkVersion, offHeapMemory } = values;
  const problems: Problem[] = [];
  if (accelerator !== "none" && jarFor(sparkVersion) === undefined) {
    const other = sparkVersions.find((version) => jarFor(version) !== undefined);
    problems.push({
      key: "accelerator",
      value: accelerator,
      allowed: `none with Spark ${sparkVersion}, for which this project has no jar of Comet`,
      fix: [other === undefined ? set("accelerator", "none") : set("sparkVersion", other)],
    });
  }
  const isOff = accelerator === "none" && offHeapMemory === 0;
  if (offHeapMemory !== "auto" && offHeapMemory < leastMemory && !isOff) {
    problems.push({
      key: "offHeapMemory",
      value: formatMemory(offHeapMemory),
      allowed: `auto, or at least ${formatMemory(leastMemory)}: SQL uses it instead of the heap`,
      fix: [set("offHeapMemory", "auto")],
    });
  }
  return [...problems, ...broughtTwice(`accelerator ${accelerator}`, acceleratorJars(values), extraJars)];
}
