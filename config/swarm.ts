import { Engine } from "../engine/engine";
import { SwarmFacts } from "../engine/nodes";
import { SharedStorage, SwarmConfig } from "./clusterConfig";
import { refused } from "./fields";
import { countOf, nodesOf } from "./placing";
import { Problem, remove, set } from "./problem";
import { nfsOptionsAllowed, Refusal, sharedFolderAllowed } from "./readers";
import { Key, schema, Values } from "./schema";

type SwarmKeys = Pick<Values, "target" | "workers" | "placement" | "sharedStorage" | "networkEncryption" | "drainTimeout">;

/**
 * Reads the keys for a swarm and the number of workers. `per-node` means the number of nodes that may run workers, or 1 if the
 * swarm does not respond.
 */
export function readSwarm(
  given: SwarmKeys,
  { swarm: facts, engine }: { readonly swarm?: SwarmFacts; readonly engine: Engine },
  show: (key: Key, text: string) => string,
): { readonly swarm: SwarmConfig | undefined; readonly workers: number; readonly problems: readonly Problem[] } {
  const { placement } = given;
  const { storage, problems: storageProblems } = readSharedStorage(given.sharedStorage, (text) => show("sharedStorage", text));
  const problems = [...storageProblems];
  const perNode = given.workers === "per-node";
  const workerNodes = nodesOf("worker", placement, facts?.nodes ?? []).map(({ id }) => id);
  const workers = given.workers === "per-node" ? Math.max(1, workerNodes.length) : given.workers;
  if (given.target === "engine") {
    const keys: readonly Key[] = [
      ...(perNode ? (["workers"] as const) : []),
      ...(["placement", "sharedStorage"] as const).filter((key) => Object.keys(given[key]).length > 0),
    ];
    return { swarm: undefined, workers, problems: [...problems, ...keys.map(onlyOnSwarm)] };
  }
  if (engine.kind === "podman") {
    problems.push({
      key: "target",
      value: given.target,
      allowed: "engine, on Podman: a swarm is made of Docker engines",
      fix: [set("target", "engine")],
    });
  }
  const swarm = {
    perNode,
    encryptedNetwork: given.networkEncryption,
    placement,
    storage,
    drainTimeout: given.drainTimeout,
    manager: facts?.manager,
    oneNode: facts !== undefined && countOf(facts) === 1,
    workerNodes,
  };
  return { swarm, workers, problems };
}

function onlyOnSwarm(key: Key): Problem {
  return {
    key,
    value: key === "workers" ? "per-node" : "a value",
    allowed: "for a cluster on a swarm: an engine is one machine",
    fix: [key === "workers" ? set("workers", "2") : remove(key)],
  };
}

/** The key `sharedStorage`; undefined if no field is set. */
function readSharedStorage(
  given: Values["sharedStorage"],
  show: (text: string) => string,
): { readonly storage: SharedStorage | undefined; readonly problems: readonly Problem[] } {
  const { nfs, nfsOptions = schema.sharedStorage.fields.nfsOptions.default, folder } = given;
  const refuse = (field: keyof typeof given, text: string, allowed: string) => ({
    storage: undefined,
    problems: [refused(`sharedStorage.${field}`, show(text), new Refusal(allowed, ""))],
  });
  if ("nfsOptions" in given && !("nfs" in given)) {
    return refuse("nfsOptions", nfsOptions, nfsOptionsAllowed);
  }
  if (folder !== undefined && "nfs" in given) {
    return refuse("folder", folder, sharedFolderAllowed);
  }
  const storage = folder !== undefined ? { folder } : nfs && { nfs: { ...nfs, options: nfsOptions } };
  return { storage, problems: [] };
}
