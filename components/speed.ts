import { Sizes } from "../config/clusterConfig";
import { coresPerSession } from "../config/sizes";

/** Of spark-base: the class path that its archives of classes were made for. */
const classPath = "/opt/spark/archives/classpath.jar";

/**
 * Drivers and executors map their classes instead of reading them from jars. At the address for which they were written, so that all of a
 * machine share the pages: nothing is given away with it where a person runs code of their own anyway. Daemons do without.
 */
const mapClasses = [
  "-XX:SharedArchiveFile=/opt/spark/archives/daemons.jsa:/opt/spark/archives/sessions.jsa",
  "-XX:+UnlockDiagnosticVMOptions",
  "-XX:ArchiveRelocationMode=0",
].join(" ");

/** What makes a session quick on a cluster of this size. */
export function speedProperties(sizes: Sizes): Readonly<Record<string, string>> {
  return {
    ...ofEach("extraClassPath", classPath),
    ...ofEach("defaultJavaOptions", mapClasses),
    // Spark's own 200 are for a hundred cores: on few, their number is most of the work of a small shuffle.
    "spark.sql.shuffle.partitions": String(Math.max(8, 4 * coresPerSession(sizes))),
    "spark.sql.execution.arrow.pyspark.enabled": "true",
  };
}

function ofEach(setting: string, value: string): Record<string, string> {
  return { [`spark.driver.${setting}`]: value, [`spark.executor.${setting}`]: value };
}
