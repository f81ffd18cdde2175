import { Sizes } from "../config/clusterConfig";
import { Mebibytes } from "../config/memory";

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
];

/** After how many calls and rounds of a loop Java itself has its slow compiler take a method (Tier4*Threshold of Java 17). */
const callsBeforeSlowCompiler = { Invocation: 5000, MinInvocation: 600, Compile: 15_000, BackEdge: 40_000 };

/**
 * Ten times as late. Of what a session costs until its first answer, the slow compiler takes a third, for code that is then hardly run any
 * more, from the few cores that everything else waits for; what a query repeats for each row is compiled all the same.
 */
const slowCompilerLater = Object.entries(callsBeforeSlowCompiler).map(
  ([count, calls]) => `-XX:Tier4${count}Threshold=${10 * calls}`,
);

/**
 * MiB: the heaps that the simplest collector is for. It would stop larger ones for too long, and has a part of each that Java does not
 * count: of smaller ones less is left than the 450 MiB that Spark asks for.
 */
const smallHeap = { from: 480, below: 2048 };

/**
 * The simplest collector, which costs a small heap the least, where a person asks for no other: Java refuses two that are asked for, but
 * not one beside its own choice for a small machine, which without the second option would have no slow compiler.
 */
const simplestCollector = ["-XX:+NeverActAsServerClassMachine", "-XX:CompilationMode=default"];

/** What makes a session quick on a cluster of this size. */
export function speedProperties(sizes: Sizes): Readonly<Record<string, string>> {
  return {
    ...javaProperties("driver", sizes.driverMemory),
    ...javaProperties("executor", sizes.executorMemory),
    "spark.sql.execution.arrow.pyspark.enabled": "true",
  };
}

function javaProperties(process: "driver" | "executor", heap: Mebibytes): Record<string, string> {
  const collector = heap >= smallHeap.from && heap < smallHeap.below ? simplestCollector : [];
  const options = [...mapClasses, ...slowCompilerLater, ...collector];
  return { [`spark.${process}.extraClassPath`]: classPath, [`spark.${process}.defaultJavaOptions`]: options.join(" ") };
}
