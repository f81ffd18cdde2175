import { ExpectedOnSwarm, waitUntilSwarmReady } from "../../engine/swarm";
import { actionResource } from "../actionResource";

/** Readiness of the whole cluster: created once all services have converged and all workers are registered. */
export const SwarmReadiness = actionResource<ExpectedOnSwarm>("SwarmReadiness", {
  id: "ready",
  watched: ["services", "gateway"],
  act: waitUntilSwarmReady,
});
