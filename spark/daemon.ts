import { Mebibytes } from "../config/memory";

/**
 * The environment of a standalone daemon: half of its memory is heap. It computes next to nothing, so that the JVM's quick compiler and its
 * simplest collector are enough for it: with the one it takes half of the processor's time to start, with the other less memory.
 */
export function daemonEnvironment(memory: Mebibytes): Readonly<Record<string, string>> {
  return {
    SPARK_DAEMON_JAVA_OPTS: "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    SPARK_DAEMON_MEMORY: `${Math.floor(memory / 2)}m`,
  };
}
