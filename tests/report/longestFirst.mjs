import TestSequencer from "@jest/test-sequencer";

/** Files that take long, the longest first. They start before all others, and none of them is left for the end. */
const longest = [
  "core/life",
  "extended/swarm",
  "extended/longFaults",
  "core/tour",
  "extended/secondDocker",
  "extended/podmanLife",
  "extended/secondPodman",
  "extended/sparkVersions",
];

export default class extends TestSequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const found = longest.findIndex((name) => path.endsWith(`tests/${name}.test.ts`));
      return found < 0 ? longest.length : found;
    };
    return [...tests].sort((one, other) => rank(one) - rank(other) || one.path.localeCompare(other.path));
  }
}
