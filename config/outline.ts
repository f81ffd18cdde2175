import { Engine } from "../engine/engine";
import { Composition } from "../roles/role";
import { CheckedConfig, ClusterConfig, Sizes, SwarmClusterConfig } from "./clusterConfig";
import { Known } from "./known";
import { Values } from "./schema";

/** What a cluster is made from: the values that decide which resources there are, and the configuration with all others. */
export interface Outline extends Composition {
  /** The cluster's name on its engine. */
  readonly stack: string;
  readonly engine: Engine;
  readonly sizes: Composition["sizes"] & Pick<Sizes, "workers">;
  readonly imageSource: Values["imageSource"];
  /** Whether the workspace is a folder of the engine's machine, and not a volume. */
  readonly hasWorkspaceFolder: boolean;
  readonly generations: Pick<Values, "tokenGeneration" | "secretGeneration">;
  /** Undefined for a cluster on one engine. */
  readonly swarm: SwarmClusterConfig | undefined;
  readonly config: Known<ClusterConfig>;
  /** As in {@link CheckedConfig}. */
  readonly images?: CheckedConfig["images"];
}

/** The outline of a cluster whose configuration is known. */
export function outlineOf({ config, engine, images }: CheckedConfig): Outline {
  const { stack, sizes, supply, swarm, folders } = config;
  return {
    stack,
    engine,
    sizes,
    imageSource: supply.source,
    hasWorkspaceFolder: folders.workspace !== undefined,
    generations: config,
    swarm: swarm && { ...config, swarm },
    config,
    images,
  };
}
