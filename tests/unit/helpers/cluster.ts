import { SparkCluster } from "../../../components/sparkCluster";
import { ConfigSource } from "../../../config/reader";
import { Engine } from "../../../engine/engine";
import { engines } from "./engine";
import { run, Run } from "./mocks";
import { clusterConfig, Written } from "./stackConfig";

export interface ClusterOptions {
  readonly preview?: boolean;
  readonly stack?: string;
  readonly engine?: Engine;
  /** What else the reader is given. */
  readonly read?: Partial<ConfigSource>;
}

/** A whole cluster from the defaults and what differs from them. */
export function runCluster(
  written: Readonly<Record<string, Written>> = {},
  options: ClusterOptions = {},
): Promise<Run<SparkCluster>> {
  const { preview = false, stack = "unit", engine = engines.docker, read = {} } = options;
  const config = { ...clusterConfig(written, read), stack };
  return run(() => new SparkCluster("spark", { config, engine }), { preview, stack });
}

/** What every container has in common but its name, image, mounts, ports, limits and health. */
export const hardening = {
  memorySwap: expect.any(Number) as number,
  readOnly: true,
  capabilities: { drops: ["ALL"] },
  securityOpts: ["no-new-privileges"],
  init: true,
  restart: "unless-stopped",
  stopTimeout: 30,
  destroyGraceSeconds: 30,
  logDriver: "json-file",
  logOpts: { "max-size": "10m", "max-file": "3" },
};

/** The options that every container is registered with. */
export const containerOptions = { deleteBeforeReplace: true, retainOnDelete: false };
