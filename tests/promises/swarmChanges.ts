import { appendFileSync } from "node:fs";
import { join } from "node:path";

import { ok } from "../../testbed/run";
import { tell } from "../../testbed/until";
import { rightAnswer } from "../helpers/faults";
import { SwarmLife } from "../helpers/swarmLife";

/** Workers, images, nodes and secrets of a swarm change while jobs run. */
export function swarmChanges(life: SwarmLife): void {
  life.step("a worker is added under a running job, and no other service is touched", async () => {
    const before = await life.versions();
    const { answer } = await life.longJob("scaled");
    await life.asDocumented("more workers");
    expect(await life.nodesOf("worker")).toHaveLength(4);
    expect(await answer).toContain(rightAnswer);
    const after = await life.versions();
    expect(after.master).toBe(before.master);
    expect(after["history-server"]).toBe(before["history-server"]);
    expect(after.worker).toBeGreaterThan(before.worker!);
  });

  life.step("a worker is removed, and the others get another image one at a time: a running job survives both", async (stack) => {
    const before = await life.versions();
    appendFileSync(join(stack.folder, "images/spark-worker/Dockerfile"), "RUN true\n");
    await ok("make", ["publish", "STACK=machines-images"], { cwd: stack.folder, env: stack.env, timeout: 900 });
    const { answer } = await life.longJob("updated");
    await stack.set("workers", "3");
    await stack.bareUp();
    expect(await life.nodesOf("worker")).toHaveLength(3);
    expect(await answer).toContain(rightAnswer);
    const logs = await life.lab.logsOf(stack.nameOf("worker"));
    expect(new Set(logs.match(/Decommission worker worker-\S+/g)).size).toBeGreaterThanOrEqual(3);
    const after = await life.versions();
    expect(after.worker).toBeGreaterThan(before.worker!);
    expect(after.master).toBe(before.master);
    expect(after.jupyterlab).toBe(before.jupyterlab);
  });

  life.step("a node is drained in the middle of a job, which survives it", async (stack) => {
    const { answer } = await life.longJob("drained");
    await life.lab.ask("node", "update", "--availability", "drain", "node-3");
    await life.lab.untilOn(stack.nameOf("worker"), 480, (nodes) => nodes.length === 3 && !nodes.includes("node-3"));
    expect(await answer).toContain(rightAnswer);
    await life.lab.ask("node", "update", "--availability", "active", "node-3");
  });

  life.step(
    "a node is killed with the master and a worker on it: the master comes back on another, with its state",
    async (stack) => {
      await life.lab.ask("node", "update", "--label-add", "daemons=yes", "node-2");
      await life.lab.ask("node", "update", "--label-add", "daemons=yes", "node-3");
      await stack.pulumi("config", "set", "--path", "placement.master", "daemons=yes");
      await stack.bareUp();
      const [place = ""] = await life.nodesOf("master");
      expect(["node-2", "node-3"]).toContain(place);
      const { answer } = await life.longJob("bereft");
      const number = Number(place.replace("node-", ""));
      tell(`power cut of ${place}`);
      await life.lab.kill(number);
      await life.lab.untilOn(stack.nameOf("master"), 480, ([now]) => now !== undefined && now !== place);
      expect(await answer).toContain(rightAnswer);
      await life.lab.revive(number);
      await stack.bareUp();
      expect(await life.nodesOfTasks()).toHaveLength(3);
    },
  );

  life.step("a new generation of the secret is on every machine, and nothing of the old one is left", async (stack) => {
    const before = await life.rpcSecret();
    await stack.set("secretGeneration", "2");
    await stack.bareUp();
    expect(await life.rpcSecret()).not.toBe(before);
    expect(await life.nodesOfTasks()).toHaveLength(3);
    const kept = (await life.lab.ask("secret", "ls", "--format", "{{.Name}}")).split("\n").filter(Boolean);
    const parts = kept.map((name) => name.replace(/-[0-9a-f]+$/, ""));
    expect(new Set(parts).size).toBe(parts.length);
  });

  life.step(
    "a worker on each node, and back to a number of workers on labelled nodes: no other service is touched",
    async (stack) => {
      const before = await life.versions();
      const ids = () => life.lab.ask("service", "ls", "--format", "{{.Name}} {{.ID}}");
      const idOf = async (part: string) => new RegExp(`^${stack.nameOf(part)} (\\w+)$`, "m").exec(await ids())?.[1];
      const [worker, master] = [await idOf("worker"), await idOf("master")];
      await life.asDocumented("a worker on each node");
      expect(await life.nodesOf("worker")).toEqual(["node-1", "node-2", "node-3"]);
      expect(await idOf("worker")).not.toBe(worker);
      expect(await idOf("master")).toBe(master);
      expect(await life.versions()).toMatchObject({ master: before.master, jupyterlab: before.jupyterlab });
      expect(await stack.pendingChanges()).toBe("");
      await stack.set("workers", "3");
      await life.asDocumented("labels", { NODE: "node-3" });
      expect(await life.nodesOf("worker")).toEqual(["node-3", "node-3", "node-3"]);
      expect(await life.nodesOf("jupyterlab")).toEqual(["node-1"]);
      expect(await life.versions()).toMatchObject({ master: before.master, jupyterlab: before.jupyterlab });
    },
  );
}
