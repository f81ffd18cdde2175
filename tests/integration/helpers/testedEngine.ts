import { Engine, findEngine } from "../../../engine/engine";

/** The engine that this run of the suite is about: `make test-integration` runs it once for each. */
export const testedEngine: Engine = findEngine(process.env.TEST_ENGINE === "podman" ? "podman" : "docker", undefined);

const first = process.env.TEST_FIRST_ENGINE ?? testedEngine.kind;

/** Whether this run is the first engine's, where there are several. */
export const isFirstEngine = testedEngine.kind === first;

/** Declares tests of what no engine has a say in: the first engine's run has them. */
export function once(tests: () => void): void {
  if (isFirstEngine) {
    tests();
  }
}
