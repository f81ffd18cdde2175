import { Engine, findEngine } from "../../../engine/engine";

/** The engine that this run of the suite is about: `make test-integration` runs it once for each. */
export const testedEngine: Engine = findEngine(process.env.TEST_ENGINE === "podman" ? "podman" : "docker", undefined);
