import { Mebibytes } from "../config/memory";

/**
 * The environment of a standalone daemon. Half of its memory, in MiB, is heap. A daemon computes next to nothing, so the C1
 * compiler and the serial collector are enough: C1 halves the CPU time of its start, the serial collector saves memory.
 */
export function daemonEnvironment(memory: Mebibytes): Readonly<Record<string, string>> {
  return {
    SPARK_DAEMON_JAVA_OPTS: "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    SPARK_DAEMON_MEMORY: `${Math.floor(memory / 2)}m`,
  };
}
