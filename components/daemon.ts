import { Mebibytes } from "../config/memory";

/**
 * The environment of a standalone daemon: half of its memory is heap. It computes next to nothing, so that the JVM's quick compiler is
 * enough for it: with that it takes half of the processor's time to start.
 */
export function daemonEnvironment(memory: Mebibytes): Readonly<Record<string, string>> {
  return { SPARK_DAEMON_JAVA_OPTS: "-XX:TieredStopAtLevel=1", SPARK_DAEMON_MEMORY: `${Math.floor(memory / 2)}m` };
}
