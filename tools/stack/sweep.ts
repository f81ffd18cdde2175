import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

import { ask, clientCommand } from "../../engine/cli";
import { Engine } from "../../engine/engine";
import { labelled } from "../../engine/labels";
import { managesSwarm } from "../../engine/nodes";
import { elsewhere, placeOf, renamed } from "../../engine/place";
import { Failure } from "../failure";
import { root } from "../programs";
import { containersOf, networksWith, StackContainer } from "./containers";
import { explaining } from "./explain";
import { brokenState, checkRoom, locksOf } from "./fileBackend";
import { servicesOf } from "./liveCluster";
import { OpenStack, valueOf } from "./openStack";

/**
 * Cleans up after a killed `pulumi up`: its lock, its plugins, and containers, networks, services and secrets that are on the engine
 * but not in the state. Volumes are never touched. Unpauses the containers that stay.
 *
 * @throws {Failure} if another run works on the stack, if its state file is cut off or its disk almost full, if the engine has
 * things of another stack of this name, or if the stack is on another engine.
 */
export async function sweep(stack: OpenStack): Promise<void> {
  const broken = brokenState(stack.name);
  if (broken !== undefined) {
    throw broken;
  }
  checkRoom();
  await clearDeadLocks(stack);
  endOrphanedPlugins();
  for (const folder of [stack.name, explaining(stack.name)]) {
    rmSync(join(root, ".build", folder), { recursive: true, force: true }); // passwords that the killed run did not delete
  }
  removeCopiesOfSecrets();
  const exported = (await stack.pulumi.exportStack()) as { deployment: { resources?: StateResource[] } };
  const staying = removeUnknown(stack, exported.deployment.resources ?? []);
  for (const { id, name } of staying.filter(({ status }) => status === "paused")) {
    console.error(`Unpausing ${name}.`);
    ask(stack.engine, "unpause", id);
  }
}

/**
 * Removes copies of build secrets that Podman's client left beside a Dockerfile when it was killed. A build has an hour, so older ones
 * belong to no build that runs.
 */
function removeCopiesOfSecrets(): void {
  const images = join(root, "images");
  for (const path of readdirSync(images, { recursive: true, encoding: "utf8" })) {
    const file = join(images, path);
    if (
      /(^|\/)podman-build-secret[^/]*$/.test(path) &&
      Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) > 3_600_000
    ) {
      rmSync(file, { force: true });
    }
  }
}

interface StateResource {
  readonly urn: string;
  readonly id?: string;
  readonly outputs?: Home & { readonly output?: Home };
}
interface Home {
  readonly id?: string;
  readonly host?: string;
  readonly stack?: string;
}

/** The id, the engine and the name of the stack, as `keptHome` keeps them; or StackHome, in the state of an earlier version. */
function homeOf(resources: readonly StateResource[]): Home {
  const outputsOf = (urnEnd: string) => resources.find(({ urn }) => urn.endsWith(urnEnd))?.outputs;
  return outputsOf(":Stash::spark-home")?.output ?? outputsOf(":StackHome::spark-home") ?? {};
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

/**
 * Checks that no run works on a stack. Only the locks of the file backend name their holder.
 *
 * @throws {Failure} if a run holds the stack that is alive, or that is on another machine.
 */
export function checkFree(name: string): void {
  for (const lock of locksOf(name)) {
    if (lock?.hostname !== hostname() || isAlive(lock.pid)) {
      const who = lock && `process ${lock.pid} of ${lock.username} on ${lock.hostname}, since ${lock.timestamp}`;
      throw new Failure(
        `Another run works on stack ${name}: ${who ?? "its lock cannot be read"}. Nothing was changed.\n` +
          `Wait until it has ended. If there is no such run any more: eval "$(make -s env STACK=${name})" && pulumi cancel --yes`,
      );
    }
  }
}

/**
 * Removes the locks of killed runs.
 *
 * @throws {Failure} as {@link checkFree}.
 */
export async function clearDeadLocks({ name, pulumi }: OpenStack): Promise<void> {
  checkFree(name);
  if (locksOf(name).length > 0) {
    console.error("Clearing the lock of a run that was killed.");
    await pulumi.cancel();
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
      if (isPlugin && !commandOf(parent).includes("pulumi") && readlinkSync(`/proc/${pid}/cwd`) === root) {
        process.kill(Number(pid), "SIGKILL");
      }
    } catch {
      // It has ended, or belongs to another user.
    }
  }
}

/** Removes what earlier runs of this stack created but did not record in the state. Returns the containers that stay. */
function removeUnknown(stack: OpenStack, resources: readonly StateResource[]): readonly StackContainer[] {
  const { name, engine, isOnSwarm } = stack;
  // Images for a swarm are published from an engine outside the swarm.
  const services = isOnSwarm && managesSwarm(engine);
  const known = new Set(resources.map((resource) => resource.id));
  const { id: home, host, stack: old = name } = homeOf(resources);
  const place = placeOf(engine, isOnSwarm ? { encryptedNetwork: valueOf(stack, "networkEncryption") === "true" } : undefined);
  if (host !== undefined && host !== place) {
    // A full up reports this itself. An up of images alone does not, and would move the state of the other resources too.
    throw new Failure(`Stack ${name}: ${elsewhere(host, place)}`);
  }
  if (old !== name) {
    // Checked here, because a full up would first report that the ports are taken: by the cluster under its old name.
    throw new Failure(`Stack ${name}: ${renamed(old, name)}`);
  }

  const containers = containersOf(stack);
  const unknown = containers.filter((container) => !known.has(container.id) && !container.ofSwarm);
  const unknownServices = services ? servicesOf(stack).filter((service) => !known.has(service.id)) : [];
  const networks = networksWith(engine, "stack", name).filter((id) => !known.has(id));
  const ownNetworks = home === undefined || networks.length === 0 ? [] : networksWith(engine, "home", home);
  const foreign = [
    ...[...unknown, ...unknownServices].filter((each) => each.home !== home).map((each) => each.name),
    ...networks.filter((id) => !ownNetworks.includes(id)).map((id) => `network ${id.slice(0, 12)}`),
  ];
  if (foreign.length > 0) {
    const client = clientCommand(engine).join(" ");
    const filter = labelled("stack", name);
    const backend = (process.env.PULUMI_BACKEND_URL ?? "Pulumi's backend").replace(/\/\/[^/@]*@/, "//");
    throw new Failure(
      `The engine ${engine.host} has things of a stack named ${name} that was made from another state than the one in ${backend}: ` +
        `${foreign.join(", ")}.\n` +
        `If that state is elsewhere, say where: PULUMI_BACKEND_URL=... make up STACK=${name}. Otherwise choose another name ` +
        `(make up STACK=...), or remove them. Volumes stay, and the next make up finds them:\n` +
        (isOnSwarm ? `  ${client} service rm $(${client} service ls --quiet --filter ${filter})\n` : "") +
        `  ${client} rm --force $(${client} ps --all --quiet --filter ${filter})\n` +
        `  ${client} network prune --force --filter ${filter}`,
    );
  }
  const staying = containers.filter((container) => !unknown.includes(container));
  for (const container of unknown) {
    console.error(`Removing ${container.name}, left by a run that was killed.`);
    ask(engine, "rm", "--force", container.id);
  }
  for (const service of unknownServices) {
    console.error(`Removing service ${service.name}, left by a run that was killed.`);
    ask(engine, "service", "rm", service.id);
  }
  if (services && home !== undefined) {
    const secrets = ask(engine, "secret", "ls", "--quiet", "--filter", labelled("home", home));
    for (const secret of secrets.split("\n").filter((id) => id !== "" && !known.has(id))) {
      console.error(`Removing secret ${secret}, left by a run that was killed.`);
      ask(engine, "secret", "rm", secret);
    }
  }
  for (const network of networks) {
    console.error(`Removing network ${network.slice(0, 12)}, left by a run that was killed.`);
    removeNetwork(engine, network, staying);
  }
  return staying;
}

/** Removes a network that the state has lost. If the stack's containers are on it, they leave it; the next `up` replaces them. */
function removeNetwork(engine: Engine, network: string, containers: readonly StackContainer[]): void {
  try {
    ask(engine, "network", "rm", network);
  } catch {
    containers.forEach(({ id }) => {
      leave(engine, network, id);
    });
    ask(engine, "network", "rm", network);
  }
}

function leave(engine: Engine, network: string, container: string): void {
  try {
    ask(engine, "network", "disconnect", "--force", network, container);
  } catch {
    // It is not on this network.
  }
}
