import { Expected, waitUntilReady } from "../engine/readiness";
import { actionResource } from "./actionResource";

/** Readiness of the whole cluster: created once all containers run, all workers are registered and the other roles respond. */
export const Readiness = actionResource<Expected>("Readiness", {
  id: "ready",
  watched: ["containers", "workers"],
  act: waitUntilReady,
});
