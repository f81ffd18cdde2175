// Cleans up after a killed `pulumi up`: its lock, its plugins, and containers, networks, services and secrets that are on the
// engine but not in the state. Volumes are never touched.
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

import { ask, clientCommand } from "../engine/cli";
import { Engine } from "../engine/engine";
import { managesSwarm } from "../engine/nodes";
import { elsewhere, placeOf } from "../engine/place";
import { servicesOf } from "./cluster";
import { configValues, containersOf, engineOf, isOnSwarm, project, pulumi, stack } from "./stack";
import { labelled } from "../engine/labels";

interface StateResource {
  readonly type: string;
  readonly id?: string;
  readonly outputs?: { readonly host?: string };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  // After a reboot, another program may have this PID.
  return !existsSync("/proc/self") || commandOf(String(pid)).includes("pulumi");
}

/** The command line of a process; empty if it has ended or belongs to another user. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

/** Removes dead locks. Locks of the file backend name their holder; those of other machines and running processes stay. */
function clearDeadLock(): void {
  const backend = process.env.PULUMI_BACKEND_URL ?? "";
  const folder = join(
    backend.replace(/^file:\/\//, "").replace(/^~/, process.env.HOME ?? "~"),
    ".pulumi/locks/organization/spark-cluster",
    stack,
  );
  if (!backend.startsWith("file://") || !existsSync(folder)) {
    return;
  }
  const holders = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as { pid: number; hostname: string });
  if (holders.length > 0 && holders.every((holder) => holder.hostname === hostname() && !isAlive(holder.pid))) {
    console.error("Clearing the lock of a run that was killed.");
    pulumi("cancel", "--yes");
  }
}

/** Kills plugins of a killed CLI, which may still create resources. Their parent is not Pulumi, and they run in this folder. */
function endOrphanedPlugins(): void {
  if (!existsSync("/proc/self/cwd")) {
    return; // not Linux
  }
  for (const pid of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "1";
      const isPlugin = /pulumi-(resource|language)-|@pulumi\/pulumi\/cmd\//.test(commandOf(pid));
      if (isPlugin && !commandOf(parent).includes("pulumi") && readlinkSync(`/proc/${pid}/cwd`) === process.cwd()) {
        process.kill(Number(pid), "SIGKILL");
      }
    } catch {
      // It has ended, or belongs to another user.
    }
  }
}

/** Removes what earlier runs of this stack created but did not record in the state. */
function removeUnknown(engine: Engine, onSwarm: boolean, encryptedNetwork: boolean): void {
  // Images for a swarm are published from an engine outside the swarm.
  const services = onSwarm && managesSwarm(engine);
  const exported = JSON.parse(pulumi("stack", "export")) as { deployment: { resources?: StateResource[] } };
  const resources = exported.deployment.resources ?? [];
  const known = new Set(resources.map((resource) => resource.id));
  const { id: home, outputs } = resources.find((resource) => resource.type.endsWith(":StackHome")) ?? {};
  const place = placeOf(engine, onSwarm ? { encryptedNetwork } : undefined);
  if (outputs?.host !== undefined && outputs.host !== place) {
    // A full up reports this itself. An up of images alone does not, and would move the state of the other resources too.
    console.error(`Stack ${stack}: ${elsewhere(outputs.host, place)}`);
    process.exit(1);
  }

  const unknown = containersOf(engine).filter((container) => !known.has(container.id) && !container.ofSwarm);
  const unknownServices = services ? servicesOf(engine).filter((service) => !known.has(service.id)) : [];
  const foreign = [...unknown, ...unknownServices].filter((each) => each.home !== home);
  if (foreign.length > 0) {
    const client = clientCommand(engine).join(" ");
    const filter = labelled("stack", stack);
    console.error(
      `The engine ${engine.host} has things of a stack named ${stack} that was made from another state: ` +
        `${foreign.map((container) => container.name).join(", ")}.\n` +
        `Choose another name (make up STACK=...), or, if nobody needs these resources, remove them:\n` +
        (onSwarm ? `  ${client} service rm $(${client} service ls --quiet --filter ${filter})\n` : "") +
        `  ${client} rm --force $(${client} ps --all --quiet --filter ${filter})\n` +
        `  ${client} network prune --force --filter ${filter}`,
    );
    process.exit(1);
  }
  for (const container of unknown) {
    console.error(`Removing ${container.name}, left by a run that was killed.`);
    ask(engine, "rm", "--force", container.id);
  }
  for (const service of unknownServices) {
    console.error(`Removing service ${service.name}, left by a run that was killed.`);
    ask(engine, "service", "rm", service.id);
  }
  if (home === undefined) {
    return; // nothing has been created yet
  }
  const secrets = services ? ask(engine, "secret", "ls", "--quiet", "--filter", labelled("home", home)) : "";
  for (const secret of secrets.split("\n").filter((id) => id !== "" && !known.has(id))) {
    console.error(`Removing secret ${secret}, left by a run that was killed.`);
    ask(engine, "secret", "rm", secret);
  }
  const networks = ask(
    engine,
    ...["network", "ls", "--no-trunc", "--format", "{{.ID}}"], // --quiet would print names on Podman
    ...["--filter", labelled("home", home)],
  );
  for (const network of networks.split("\n").filter((id) => id !== "" && !known.has(id))) {
    console.error(`Removing network ${network.slice(0, 12)}, left by a run that was killed.`);
    ask(engine, "network", "rm", network);
  }
}

clearDeadLock();
endOrphanedPlugins();
rmSync(join(".build", stack), { recursive: true, force: true }); // passwords that the killed run did not delete
const values = configValues();
removeUnknown(engineOf(values), isOnSwarm(values), values[`${project}:networkEncryption`] === "true");
