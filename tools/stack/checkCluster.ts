import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { ClusterConfig, Sizes } from "../../config/clusterConfig";
import { shown } from "../../config/problem";
import { askInside, clientCommand } from "../../engine/cli";
import { Engine } from "../../engine/engine";
import { askMachine } from "../../engine/facts";
import { MasterState } from "../../engine/readiness";
import { pagesOf } from "../../roles";
import { Failure } from "../failure";
import { liveCluster } from "./liveCluster";
import { configOf, OpenStack } from "./openStack";
import { Outputs } from "./pulumiUp";

/** Timeout of the job in seconds; a first job on a slow machine needs half of it. */
const jobTimeout = 300;

/**
 * Checks the running cluster with a real job on all workers, and prints its addresses. Runs after every `up`, even one without
 * changes.
 *
 * @param outputs Those of the stack.
 * @throws {Failure} if the cluster is not ready, or if the job has not given the right answer.
 */
export async function checkCluster(stack: OpenStack, outputs: Outputs): Promise<void> {
  try {
    await check(stack, outputs);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(`${reason}\nStack ${stack.name} is not ready; make status shows its containers.`);
  }
}

async function check(stack: OpenStack, outputs: Outputs): Promise<void> {
  const { engine } = stack;
  const config = configOf(stack);
  const workers = outputs.workers as readonly string[];
  const cluster = liveCluster(stack);
  await cluster.untilReady(workers, config.readyTimeout);

  const state = cluster.master();
  const taken = takenFromJob(state, config.sizes);
  if (taken !== undefined) {
    const names = state.activeapps.map((app) => shown(app.name)).join(", ");
    console.log(`All ${workers.length} workers are registered. Their ${taken} in use by ${names}, so no job was run.`);
  } else {
    runJob(engine, cluster.ide, workers);
  }
  printAddresses(engine, config, outputs);
  if (config.tls === "generated") {
    printFingerprint(engine, cluster.ide);
  }
}

/** What some worker has too little of for an executor of the job, which needs one on each worker, with its verb; undefined if none. */
function takenFromJob({ workers }: MasterState, { executorCores, executorMemory }: Sizes): string | undefined {
  const alive = workers.filter(({ state }) => state === "ALIVE");
  if (alive.some(({ cores, coresused }) => cores - coresused < executorCores)) {
    return "cores are";
  }
  return alive.some(({ memory, memoryused }) => memory - memoryused < executorMemory) ? "memory is" : undefined;
}

function runJob(engine: Engine, ide: string, workers: readonly string[]): void {
  const inside = ["timeout", String(jobTimeout), "python3", "-", ...workers];
  const [program, ...args] = clientCommand(engine, "exec", "--interactive", ide, ...inside);
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    input: readFileSync(join(__dirname, "smoke_job.py")),
    encoding: "utf8",
    timeout: (jobTimeout + 60) * 1000, // if not even the container's own timeout comes back
    killSignal: "SIGKILL",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === null) {
    const isLate = error?.message.endsWith("ETIMEDOUT");
    const why = isLate ? `${program} exec did not end within ${jobTimeout + 60} s` : (error?.message ?? `${program} was killed`);
    throw new Error(`The cluster is up, but no job could be run on it: ${why}.`);
  }
  if (status !== 0) {
    const answer = stdout.trim() || "(none)";
    const why =
      status === 124 ? `gave no answer within ${jobTimeout} s` : `ended with exit code ${status} and the answer ${answer}`;
    const last = stderr.trimEnd().split("\n").slice(-20).join("\n");
    throw new Error(`The cluster is up, but a job on it ${why}. Its last lines:\n${last}`);
  }
  console.log(`A job ran on all ${workers.length} workers and gave the right answer.`);
}

function printAddresses(engine: Engine, config: ClusterConfig, outputs: Outputs): void {
  const known = pagesOf(config).flatMap(({ key, title }): [string, string][] => {
    const output = outputs[key] as string | readonly string[] | undefined;
    // The object store's has more than its address.
    const [address] = /\w+:\/\/\S+/.exec(String([output].flat()[0])) ?? [];
    return address === undefined ? [] : [[title, address]];
  });
  console.log(`\n${known.map(([what, address]) => `  ${what.padEnd(10)}  ${address}\n`).join("")}`);
  // Spark's own links contain the port, so the tunnel keeps it.
  const tunnelled = new Set(known.map(([, address]) => new URL(address).port));
  const tunnel = ["ssh -N", ...[...tunnelled].map((port) => `-L ${port}:localhost:${port}`)].join(" ");
  if (engine.host.startsWith("ssh://")) {
    console.log(`The engine is on another machine. Open a tunnel first: ${tunnel} ${engine.host}\n`);
    return;
  }
  const { users, machine } = askMachine(engine);
  if (users === "elsewhere") {
    // Behind a forwarded socket they do not. A virtual machine on this one may forward its ports.
    const advice = "If the addresses do not open here, open a tunnel first";
    console.log(`The engine is on a machine named ${shown(machine)}. ${advice}: ${tunnel} USER@MACHINE\n`);
  }
}

/** Prints the fingerprint by which a user verifies the certificate that the browser warns about. */
function printFingerprint(engine: Engine, ide: string): void {
  const certificate = new X509Certificate(askInside(engine, ide, "sh", "-c", 'cat "$JUPYTERLAB_TLS/tls.crt"'));
  console.log(
    `The browser does not trust JupyterLab's certificate. It is the right one if its SHA-256 fingerprint is\n  ${certificate.fingerprint256}\n`,
  );
}
