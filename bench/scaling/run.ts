// Finds out how many workers one master supports: run.ts [--workers 100,250,...] [--masters 512m,2g] [--minutes N] [--write].
// --minutes is the time for each master. At the end, an executor is started as on Kubernetes.
// --write writes the table to docs/internals/scaling.md and the raw figures to bench/results/.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { roles } from "../../roles";
import { docker } from "../../testbed/engines/here";
import { clusterConfig } from "../../testbed/stackConfig";
import { startClock } from "../harness/clock";
import { writeFormatted } from "../harness/files";
import { commitOf, thisMachine, versions } from "../harness/machine";
import { Scratch, wordsOf } from "../harness/scratch";
import { cleanUpOnSignals } from "../harness/signals";
import { Arena, driverMemory, workersOfJvm } from "./arena";
import { Seen, textOf, withSeen } from "./page";
import { PodExecutor, runPodExecutor } from "./podExecutor";
import { runStage, Stage } from "./stage";

const page = join(__dirname, "../../docs/internals/scaling.md");
const rawFigures = join(__dirname, "../results/scaling.json");

/** Limit of all containers together, in MiB. */
const mostMemory = 12 * 1024;

/** Threads and processes of a worker with its executor, and the share of the kernel's PIDs that may be used. */
const tasks = { ofWorker: 13, part: 0.9 };

const say = (line: string) => process.stderr.write(`${line}\n`);
const scratch = new Scratch();
const { signalled } = cleanUpOnSignals(scratch, say);

/** Why this number of workers cannot run here; undefined if it can. */
function hindrance(masterMemory: string, workers: number): string | undefined {
  const master = roles.master.memory(clusterConfig({ masterMemory }).sizes);
  const memory = master + driverMemory + Math.ceil(workers / workersOfJvm.most) * workersOfJvm.memory;
  if (memory > mostMemory) {
    return `not run: the simulation would take ${memory} of ${mostMemory} MiB`;
  }
  const numbers = Number(readFileSync("/proc/sys/kernel/pid_max", "utf8"));
  const wanted = workers * tasks.ofWorker;
  return wanted > numbers * tasks.part ? `not run: it wants ${wanted} threads, and kernel.pid_max is ${numbers}` : undefined;
}

/** Runs the sizes in ascending order, until something fails or the time is over. */
async function runMaster(masterMemory: string, sizes: readonly number[], minutes: number): Promise<Stage[]> {
  const clock = startClock();
  const left = () => minutes * 60 - clock();
  const stages: Stage[] = [];
  const arena = await Arena.make(docker, scratch, masterMemory);
  let before = 0;
  for (const workers of sizes) {
    const stage: Stage = { masterMemory, workers, figures: {} };
    stages.push(stage);
    const reason = left() < 60 ? "not run: the time was over" : hindrance(masterMemory, workers);
    if (reason === undefined) {
      say(`masterMemory ${masterMemory}, ${workers} workers ...`);
      await runStage(arena, stage, before, left);
      say(`  ${JSON.stringify(stage.figures)}`);
    } else {
      stage.failure = reason;
    }
    if (stage.failure !== undefined || signalled()) {
      say(`  ${stage.failure ?? "ended"}`);
      break;
    }
    before = workers;
  }
  (await scratch.clear()).forEach(say);
  return stages;
}

async function tryPod(): Promise<PodExecutor | { readonly failure: string }> {
  say("an executor as Kubernetes would start it ...");
  try {
    return await runPodExecutor(await Arena.make(docker, scratch, "512m"));
  } catch (error) {
    return { failure: wordsOf(error) };
  } finally {
    (await scratch.clear()).forEach(say);
  }
}

async function write(seen: Seen): Promise<void> {
  await writeFormatted({
    [rawFigures]: JSON.stringify(seen, undefined, 2),
    [page]: withSeen(readFileSync(page, "utf8"), seen),
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(2).flatMap((each) => each.split(/\s+/).filter(Boolean)),
    options: {
      workers: { type: "string", default: "100,250,500,1000,2000" },
      masters: { type: "string", default: "512m,2g" },
      minutes: { type: "string", default: "12" },
      write: { type: "boolean", default: false },
    },
  });
  const list = (text: string) => text.split(",").filter(Boolean);
  const sizes = list(values.workers).map(Number);
  const stages: Stage[] = [];
  for (const masterMemory of list(values.masters)) {
    stages.push(...(await runMaster(masterMemory, sizes, Number(values.minutes))));
    if (signalled()) {
      return; // the cleanup ends the process
    }
  }
  const seen: Seen = {
    machine: thisMachine(),
    versions: await versions(docker),
    date: new Date().toISOString(),
    commit: await commitOf([]),
    stages,
    podExecutor: await tryPod(),
  };
  console.log(textOf(seen));
  if (values.write) {
    await write(seen);
  }
}

main().catch(async (error: unknown) => {
  if (!signalled()) {
    (await scratch.clear()).forEach(say);
    console.error(wordsOf(error));
    process.exitCode = 1;
  }
});
