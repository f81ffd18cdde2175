// Prints what the stack has on its engine and who is registered with the master. Fails unless all of it is up.
import { masterState } from "../engine/readiness";
import { clusterContainers, configValues, engineOf, stack } from "./stack";

const engine = engineOf(configValues());
const running = clusterContainers(engine);
if (running.length === 0) {
  console.log(`Stack ${stack} has no containers on ${engine.host}. make up makes them.`);
  process.exit(1);
}
console.log(`Stack ${stack} on ${engine.host}`);
const width = Math.max(...running.map((container) => container.name.length));
for (const container of running) {
  console.log(
    `  ${container.name.padEnd(width)}  ${container.status}${container.health === undefined ? "" : `, ${container.health}`}`,
  );
}
const master = running.find((container) => container.role === "master");
try {
  const state = masterState(engine, master?.name ?? "no master");
  const alive = state.workers.filter((worker) => worker.state === "ALIVE");
  const cores = alive.reduce((sum, worker) => sum + worker.cores, 0);
  const used = alive.reduce((sum, worker) => sum + worker.coresused, 0);
  console.log(
    `The master is ${state.status}: ${alive.length} workers, ${used} of ${cores} cores in use, ${state.activeapps.length} applications.`,
  );
  process.exitCode = running.every((container) => container.status === "running") ? 0 : 1;
} catch {
  console.log("The master does not answer.");
  process.exitCode = 1;
}
