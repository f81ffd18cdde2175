import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

import { ask, clientCommand } from "../../engine/cli";
import { labelled } from "../../engine/labels";
import { managesSwarm } from "../../engine/nodes";
import { elsewhere, placeOf, renamed } from "../../engine/place";
import { tried } from "../../engine/tried";
import { removeBuildSecrets } from "../../images/buildSecrets";
import { Failure } from "../failure";
import { root } from "../programs";
import { shownBackend } from "./backend";
import { containersOf, networksWith, StackContainer } from "./containers";
import { ownStateOf } from "./environment";
import { explaining } from "./explain";
import { brokenState, checkRoom, resourcesOf } from "./fileBackend";
import { servicesOf } from "./liveCluster";
import { clearDeadLocks, commandOf } from "./locks";
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
  removeCopiesOfSecrets();
  const staying = removeUnknown(stack, await resourcesInState(stack));
  // Passwords that the killed run did not delete. Not before, because a run with another state may be building with them.
  for (const folder of [stack.name, explaining(stack.name)]) {
    removeBuildSecrets(join(root, ".build", folder));
  }
  for (const { id, name } of staying.filter(({ status }) => status === "paused")) {
    console.error(`Unpausing ${name}.`);
    ask(stack.engine, "unpause", id);
  }
}

async function resourcesInState({ name, pulumi }: OpenStack): Promise<readonly StateResource[]> {
  const inFile = resourcesOf(name) as readonly StateResource[] | undefined;
  if (inFile !== undefined) {
    return inFile;
  }
  const exported = (await pulumi.exportStack()) as { deployment: { resources?: StateResource[] } };
  return exported.deployment.resources ?? [];
}

/**
 * Removes copies of build secrets that Podman's client left next to a Dockerfile when it was killed. A build has an hour, so older ones
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

/** Kills plugins of a killed CLI, which may still create resources. Their parent is not Pulumi, and they run in this folder. */
function endOrphanedPlugins(): void {
  if (!existsSync("/proc/self/cwd")) {
    return; // not Linux
  }
  for (const pid of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    // A process that has ended, or belongs to another user, is passed over.
    tried(() => {
      const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "1";
      const isPlugin = /pulumi-(resource|language)-|@pulumi\/pulumi\/cmd\//.test(commandOf(pid));
      if (isPlugin && !commandOf(parent).includes("pulumi") && readlinkSync(`/proc/${pid}/cwd`) === root) {
        process.kill(Number(pid), "SIGKILL");
      }
    });
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
  const staying = containers.filter((container) => !unknown.includes(container));
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
    throw new Failure(
      `The engine ${engine.host} has things of a stack named ${name} that was made from another state than the one in ${shownBackend()}: ` +
        `${foreign.join(", ")}.\n` +
        `If that state is elsewhere, say where: PULUMI_BACKEND_URL=${ownStateOf(name) ?? "..."} make up STACK=${name}. ` +
        `Otherwise choose another name (make up STACK=...), or remove them. Volumes stay, and the next make up finds them:\n` +
        (isOnSwarm ? `  ${client} service rm $(${client} service ls --quiet --filter ${filter})\n` : "") +
        `  ${client} rm --force $(${client} ps --all --quiet --filter ${filter})\n` +
        `  ${client} network prune --force --filter ${filter}` +
        (isOnSwarm ? `\n  ${client} secret rm $(${client} secret ls --quiet --filter ${filter})` : ""),
    );
  }
  const say = (what: string) => {
    console.error(`Removing ${what}, left by a run that was killed.`);
  };
  const remove = (what: string, ...command: string[]) => {
    say(what);
    ask(engine, ...command);
  };
  for (const { id, name } of unknown) {
    remove(name, "rm", "--force", id);
  }
  for (const { id, name } of unknownServices) {
    remove(`service ${name}`, "service", "rm", id);
  }
  // Only now, because services hold their secrets.
  const secrets =
    services && home !== undefined ? ask(engine, "secret", "ls", "--quiet", "--filter", labelled("home", home)) : "";
  for (const id of secrets.split("\n").filter((each) => each !== "" && !known.has(each))) {
    // One that a service still uses stays: the next `up` gives the service another one.
    if (tried(() => ask(engine, "secret", "rm", id)) !== undefined) {
      say(`secret ${id}`);
    }
  }
  for (const id of networks) {
    const command = ["network", "rm", id];
    say(`network ${id.slice(0, 12)}`);
    if (tried(() => ask(engine, ...command)) === undefined) {
      // The stack's containers are on a network that the state has lost: they leave it, and the next `up` replaces them.
      staying.forEach((container) => tried(() => ask(engine, "network", "disconnect", "--force", id, container.id)));
      ask(engine, ...command);
    }
  }
  return staying;
}
