import { labels } from "../../engine/labels";
import { changedFiles, noteFiles } from "../helpers/ends";
import { Life } from "../helpers/life";

/** What `make down` keeps. */
export function keptData(life: Life): void {
  life.step("down leaves no container and no network, and the next up finds the data", async (stack) => {
    await noteFiles(stack);
    await stack.must("down");
    expect(await stack.ids()).toEqual({});
    expect(await stack.listed("network ls")).toEqual([]);
    await stack.quickUp();
    expect(await changedFiles(stack)).toBe("");
    expect(await stack.pendingChanges()).toBe("");
  });
}

/** The end of a life. */
export function purge(life: Life): void {
  life.step("purge deletes the data, but only after down and a confirmation", async (stack) => {
    expect((await stack.make("purge", { env: { YES: "1" } })).output).toContain("make down first");
    await stack.must("down");
    // As a run with another state leaves it before its containers.
    const network = await stack.ask("network", "create", "--label", `${labels.stack}=${stack.name}`, `${stack.name}-begun`);
    expect((await stack.make("purge", { env: { YES: "1" } })).output).toContain("a run has begun to bring it up");
    await stack.ask("network", "rm", network.trim());
    const unconfirmed = await stack.make("purge", { input: "no\n" });
    expect(unconfirmed.code).not.toBe(0);
    expect(unconfirmed.output).toContain("Nothing was deleted.");
    await stack.must("purge", { env: { YES: "1" } });
    expect(await stack.listed("volume ls")).toEqual([]);
  });
}
