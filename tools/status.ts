// Prints the stack's containers and the master's workers and applications. Fails unless everything is up.
import { liveCluster } from "./cluster";
import { configValues, engineOf, isOnSwarm, stack } from "./stack";

const values = configValues();
const engine = engineOf(values);
const cluster = liveCluster(engine, isOnSwarm(values));
const { parts } = cluster;
if (parts.length === 0) {
  console.log(`Stack ${stack} has no containers on ${engine.host}. make up creates them.`);
  process.exit(1);
}
console.log(`Stack ${stack} on ${engine.host}`);
const width = Math.max(...parts.map(({ name }) => name.length));
for (const { name, state } of parts) {
  console.log(`  ${name.padEnd(width)}  ${state}`);
}
try {
  const state = cluster.master();
  const alive = state.workers.filter((worker) => worker.state === "ALIVE");
  const cores = alive.reduce((sum, worker) => sum + worker.cores, 0);
  const used = alive.reduce((sum, worker) => sum + worker.coresused, 0);
  console.log(
    `The master is ${state.status}: ${alive.length} workers, ${used} of ${cores} cores in use, ${state.activeapps.length} applications.`,
  );
  process.exitCode = parts.every(({ up }) => up) ? 0 : 1;
} catch {
  console.log("The master does not respond.");
  process.exitCode = 1;
}
