import { Engine } from "../engine/engine";
import { SwarmFacts } from "../engine/nodes";
import { healthchecks, Role } from "../engine/roles";
import { SharedStorage, SwarmConfig } from "./clusterConfig";
import { Key, Values } from "./keys";
import { nodesOf } from "./placing";
import { nearestOf, Problem, setCommand, shown } from "./problem";

type SwarmKeys = Pick<Values, "target" | "workers" | "placement" | "sharedStorage" | "networkEncryption" | "drainTimeout">;

/**
 * Reads the keys that say whether and how a cluster is on a swarm, and how many workers there are: `per-node` is as many as nodes that
 * they may be on, 1 where the swarm does not answer.
 */
export function readSwarm(
  given: SwarmKeys,
  { swarm: facts, engine }: { readonly swarm?: SwarmFacts; readonly engine: Engine },
  show: (key: Key, text: string) => string,
): { readonly swarm: SwarmConfig | undefined; readonly workers: number; readonly problems: readonly Problem[] } {
  const { placement, problems: placementProblems } = readPlacement(given.placement, (text) => show("placement", text));
  const { storage, problems: storageProblems } = readSharedStorage(given.sharedStorage, (text) => show("sharedStorage", text));
  const problems = [...placementProblems, ...storageProblems];
  const perNode = given.workers === "per-node";
  const workerNodes = nodesOf("worker", placement, facts?.nodes ?? []).map(({ id }) => id);
  const workers = given.workers === "per-node" ? Math.max(1, workerNodes.length) : given.workers;
  if (given.target === "engine") {
    const keys: readonly Key[] = [
      ...(perNode ? (["workers"] as const) : []),
      ...(["placement", "sharedStorage"] as const).filter((key) => Object.keys(given[key]).length > 0),
    ];
    return { swarm: undefined, workers, problems: [...problems, ...keys.map((key) => onlyOnSwarm(key, perNode))] };
  }
  if (engine.kind === "podman") {
    problems.push({
      key: "target",
      value: given.target,
      allowed: "engine, on Podman: a swarm is made of Docker engines",
      mend: setCommand("target", "engine"),
    });
  }
  const swarm = {
    perNode,
    encryptedNetwork: given.networkEncryption,
    placement,
    storage,
    drainTimeout: given.drainTimeout,
    manager: facts?.manager,
    oneNode: facts?.nodes.length === 1,
    workerNodes,
  };
  return { swarm, workers, problems };
}

function onlyOnSwarm(key: Key, perNode: boolean): Problem {
  return {
    key,
    value: key === "workers" && perNode ? "per-node" : "a value",
    allowed: "for a cluster on a swarm: an engine is one machine",
    mend: key === "workers" ? setCommand("workers", "2") : `pulumi config rm ${key}`,
  };
}

/** The roles that a cluster on a swarm places: the gateway is always on the manager that the stack names. */
const placed = (Object.keys(healthchecks) as Role[]).filter((role) => role !== "gateway");

/** Reads the key `placement`: role -> `label=value`, a label that its nodes have. */
function readPlacement(
  given: Readonly<Record<string, string>>,
  show: (text: string) => string,
): {
  readonly placement: SwarmConfig["placement"];
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const placement: Partial<Record<Role, string>> = {};
  for (const [name, value] of Object.entries(given)) {
    const role = placed.find((each) => each === name);
    if (role === undefined) {
      problems.push({
        key: /^[\w-]{1,60}$/.test(name) ? `placement.${name}` : `placement.${shown(name)}`,
        value: "no such role",
        allowed: `the nearest is ${nearestOf(name, placed)}; roles are ${placed.join(", ")}`,
        mend: /^[\w-]{1,60}$/.test(name) ? `pulumi config rm --path placement.${name}` : "pulumi config rm placement",
      });
    } else if (!/^[\w][\w./-]{0,99}=[\w][\w.-]{0,99}$/.test(value)) {
      problems.push({
        key: `placement.${role}`,
        value: show(value),
        allowed: "a node's label and its value, such as disk=ssd",
        mend: `pulumi config rm --path placement.${role}`,
      });
    } else {
      placement[role] = value;
    }
  }
  return { placement, problems };
}

/** Reads the key `sharedStorage`: `nfs` (`server:/export`) with `nfsOptions`, or `folder`. Nothing where nothing is given. */
function readSharedStorage(
  given: Readonly<Record<string, string>>,
  show: (text: string) => string,
): {
  readonly storage: SharedStorage | undefined;
  readonly problems: readonly Problem[];
} {
  const problem = (field: string, allowed: string): Problem => ({
    key: `sharedStorage.${/^\w{1,60}$/.test(field) ? field : shown(field)}`,
    value: show(given[field] ?? ""),
    allowed,
    mend: /^\w{1,60}$/.test(field) ? `pulumi config rm --path sharedStorage.${field}` : "pulumi config rm sharedStorage",
  });
  const { nfs, nfsOptions, folder, ...unknown } = given;
  const problems = Object.keys(unknown).map((field) =>
    problem(field, "no such key: sharedStorage has nfs, nfsOptions and folder"),
  );
  // mount takes an address of IPv6 without the brackets that set it off from the path.
  const [, name, address, path = ""] = /^(?:([\w.-]+)|\[([\da-f:]+)\]):(\/[\w./-]*)$/.exec(nfs ?? "") ?? [];
  const server = name ?? address ?? "";
  if (nfs !== undefined && server === "") {
    problems.push(problem("nfs", "a server and what it exports, such as files.example.com:/export"));
  }
  if (nfsOptions !== undefined && (nfs === undefined || !/^[\w.=,:-]{1,200}$/.test(nfsOptions))) {
    problems.push(problem("nfsOptions", "options of mount.nfs beside nfs, such as nfsvers=4.2,hard"));
  }
  if (folder !== undefined && (nfs !== undefined || !/^\/[\w./-]{1,200}$/.test(folder))) {
    problems.push(problem("folder", "the path of a folder that all nodes see as one, and no nfs beside it"));
  }
  if (problems.length > 0 || (nfs === undefined && folder === undefined)) {
    return { storage: undefined, problems };
  }
  return {
    storage: folder === undefined ? { nfs: { server, path, options: nfsOptions ?? "nfsvers=4" } } : { folder },
    problems,
  };
}
