import { Sizes } from "../config/clusterConfig";
import { Mebibytes } from "../config/memory";

/** The class path in spark-base for which its CDS archives were created. */
const classPath = "/opt/spark/archives/classpath.jar";

/**
 * Drivers and executors map their classes from CDS archives instead of reading jars. At a fixed address, all JVMs of a machine
 * share the pages. The fixed address weakens nothing where users run their own code anyway. Daemons relocate their archive.
 */
const mapClasses = [
  "-XX:SharedArchiveFile=/opt/spark/archives/daemons.jsa:/opt/spark/archives/sessions.jsa",
  "-XX:+UnlockDiagnosticVMOptions",
  "-XX:ArchiveRelocationMode=0",
];

/** Java's default numbers of calls and loop iterations after which C2 compiles a method (Tier4*Threshold of Java 17). */
const defaultC2Thresholds = { Invocation: 5000, MinInvocation: 600, Compile: 15_000, BackEdge: 40_000 };

/**
 * C2 thresholds of ten times Java's defaults. With the defaults, C2 takes a third of a session's CPU time until its first result,
 * from the few cores that everything else waits for, and for code that hardly runs again. Code that a query repeats for each row
 * still reaches the thresholds.
 */
const higherC2Thresholds = Object.entries(defaultC2Thresholds).map(
  ([count, calls]) => `-XX:Tier4${count}Threshold=${10 * calls}`,
);

/**
 * Heap sizes in MiB for the serial collector. Larger heaps would have long pauses. The JVM does not count a part of the heap with
 * this collector, so smaller heaps would have less than the 450 MiB that Spark requires.
 */
const smallHeap = { from: 480, below: 2048 };

/**
 * The serial collector, which has the lowest cost for a small heap. Java rejects two explicit collectors, so this one is not
 * explicit and users can still set another. The first option makes the JVM choose it, as on a small machine; the second keeps C2.
 */
const serialCollector = ["-XX:+NeverActAsServerClassMachine", "-XX:CompilationMode=default"];

/**
 * The size of a thread's stack, eight times Java's default. In 1 MiB, Spark's recursion overflows for a condition of 500 parts joined
 * by `|`, and for `stop()` of a stream inside `foreachBatch`. Only the part of a stack that was used takes memory.
 */
const deepStacks = "-Xss8m";

/**
 * A barrier stage that finds too few executors looks again every second, for ten minutes: a session's first cell runs before its
 * executors are there. Spark's own setting is 40 times every 15 s.
 */
export const barrierTries = 600;
const barrier = {
  "spark.scheduler.barrier.maxConcurrentTasksCheck.interval": "1s",
  "spark.scheduler.barrier.maxConcurrentTasksCheck.maxFailures": String(barrierTries),
};

/** The settings that make sessions fast, and the options of their JVMs, for a cluster of this size. */
export function speedProperties(sizes: Sizes): Readonly<Record<string, string>> {
  return {
    ...javaProperties("driver", sizes.driverMemory),
    ...javaProperties("executor", sizes.executorMemory),
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    ...barrier,
  };
}

function javaProperties(process: "driver" | "executor", heap: Mebibytes): Record<string, string> {
  const collector = heap >= smallHeap.from && heap < smallHeap.below ? serialCollector : [];
  const options = [...mapClasses, deepStacks, ...higherC2Thresholds, ...collector];
  return { [`spark.${process}.extraClassPath`]: classPath, [`spark.${process}.defaultJavaOptions`]: options.join(" ") };
}
