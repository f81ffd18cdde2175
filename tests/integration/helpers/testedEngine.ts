import { Engine, findEngine } from "../../../engine/engine";

/** The engine that this run of the suite is about: `make test-integration` runs it once for each. */
export const testedEngine: Engine = findEngine(process.env.TEST_ENGINE === "podman" ? "podman" : "docker", undefined);

/** Whether this run has the tests that say the same of every engine, too: of several engines' runs, the first engine's. */
export const isFirstEngine = [undefined, testedEngine.kind].includes(process.env.TEST_FIRST_ENGINE as Engine["kind"] | undefined);

/** Declares such tests. */
export function once(tests: () => void): void {
  if (isFirstEngine) {
    tests();
  }
}
