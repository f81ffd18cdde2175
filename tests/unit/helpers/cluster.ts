import { SparkCluster } from "../../../components/sparkCluster";
import { ConfigSource } from "../../../config/reader";
import { Engine } from "../../../engine/engine";
import { engines } from "../../../testbed/engines/socketsOfRoot";
import { enterProjectCopy } from "./folders";
import { difference, run, Run } from "./mocks";
import { clusterConfig, Written } from "../../../testbed/stackConfig";

export interface ClusterOptions {
  readonly preview?: boolean;
  readonly stack?: string;
  readonly engine?: Engine;
  /** What else the reader is given. */
  readonly read?: Partial<ConfigSource>;
}

// A cluster is made from a copy of the images, for every file that makes one.
beforeAll(() => {
  enterProjectCopy();
});

const runs = new Map<string, Promise<Run<SparkCluster>>>();

/** A whole cluster from the defaults and what differs from them; one with the same arguments is run once in a file. */
export function runCluster(
  written: Readonly<Record<string, Written>> = {},
  options: ClusterOptions = {},
): Promise<Run<SparkCluster>> {
  const { preview = false, stack = "unit", engine = engines.docker, read = {} } = options;
  const key = JSON.stringify([written, preview, stack, engine, read]);
  const config = { ...clusterConfig(written, read), stack };
  const found = runs.get(key) ?? run(() => new SparkCluster("spark", { config, engine }), { preview, stack });
  runs.set(key, found);
  return found;
}

/** Names of the resources that an edit adds, removes and changes, each in order. */
export async function edited(
  edit: Readonly<Record<string, Written>>,
  options: ClusterOptions = {},
  before: Readonly<Record<string, Written>> = {},
) {
  const { added, removed, changed } = difference(
    await runCluster(before, options),
    await runCluster({ ...before, ...edit }, options),
  );
  return { added: added.sort(), removed: removed.sort(), changed: changed.sort() };
}

/** Labels of what belongs to the stack `dev`. */
export const owned = [
  { label: "spark-cluster.stack", value: "dev" },
  { label: "spark-cluster.home", value: "spark-home-id" },
];

/** What every container has in common but its name, image, mounts, ports, limits and health. */
export const hardening = {
  memorySwap: expect.any(Number) as number,
  readOnly: true,
  capabilities: { drops: ["ALL"] },
  securityOpts: ["no-new-privileges", "label=level:s0"],
  ulimits: [{ name: "core", soft: 0, hard: 0 }],
  shmSize: 512,
  init: true,
  restart: "unless-stopped",
  stopTimeout: 30,
  destroyGraceSeconds: 30,
  logDriver: "json-file",
  logOpts: { "max-size": "10m", "max-file": "3" },
};

/** The options that every container is registered with. */
export const containerOptions = { deleteBeforeReplace: true, retainOnDelete: false };
