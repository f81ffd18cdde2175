import { Cluster } from "../helpers/cluster";

/** That a cluster that came up and has worked is what its program asks for. */
export function unchanged(cluster: Cluster): void {
  cluster.test("the next up, after a look at the engine, has nothing to do", async (stack) => {
    expect(await stack.pendingChanges()).toBe("");
  });
}
