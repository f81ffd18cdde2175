import { ask } from "../engine/cli";
import { Engine } from "../engine/engine";
import { actionResource } from "./actionResource";

interface Limited {
  readonly engine: Engine;
  /** Ids of containers. */
  readonly containers: readonly string[];
  readonly limit: number;
}

/** The limit of processes and threads of each container. The provider's Container has no such input. It survives a restart. */
export const PidsLimit = actionResource<Limited>("PidsLimit", { id: "limited", watched: ["containers", "limit"], act: setLimit });

function setLimit({ engine, containers, limit }: Limited): void {
  try {
    ask(engine, "update", "--pids-limit", String(limit), ...containers);
  } catch (error) {
    // With cgroups version 2, Docker cannot update a container that is about to be restarted. Readiness runs at the same time and
    // reports why the container ended.
    if (/stopped container|container not running/.test((error as Error).message)) {
      throw new Error("a container does not stay up, so its limit of processes is not set yet. The next `pulumi up` sets it.", {
        cause: error,
      });
    }
    throw error;
  }
}
