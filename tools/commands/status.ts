import { liveCluster } from "../stack/liveCluster";
import { OpenStack } from "../stack/openStack";

/** Prints the stack's containers and the master's workers and applications. The exit code is 1 unless everything is up. */
export function status(stack: OpenStack): void {
  const { name, engine } = stack;
  const cluster = liveCluster(stack);
  const { parts } = cluster;
  process.exitCode = 1;
  if (parts.length === 0) {
    console.log(`Stack ${name} has no containers on ${engine.host}. make up creates them.`);
    return;
  }
  console.log(`Stack ${name} on ${engine.host}`);
  const width = Math.max(...parts.map((part) => part.name.length));
  for (const part of parts) {
    console.log(`  ${part.name.padEnd(width)}  ${part.state}`);
  }
  try {
    const master = cluster.master();
    const { status: state, workers, activeapps } = master;
    const alive = workers.filter((worker) => worker.state === "ALIVE");
    const cores = alive.reduce((sum, worker) => sum + worker.cores, 0);
    const used = alive.reduce((sum, worker) => sum + worker.coresused, 0);
    console.log(
      `The master is ${state}: ${alive.length} workers, ${used} of ${cores} cores in use, ${activeapps.length} applications.`,
    );
    const missing = cluster.unregistered(master);
    if (missing.length > 0) {
      console.log(
        `Not registered with the master: ${missing.join(", ")}. make logs ROLE=worker STACK=${name} shows their output.`,
      );
    }
    process.exitCode = parts.every((part) => part.up) && missing.length === 0 ? 0 : 1;
  } catch {
    console.log("The master does not respond.");
  }
}
