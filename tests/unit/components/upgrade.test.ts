import { readFileSync } from "node:fs";
import { join } from "node:path";

import { runCluster } from "../helpers/cluster";

/** What the program of the first release registered for this configuration: type, name, parent, and name on the engine. */
const firstRelease = readFileSync(join(__dirname, "firstRelease.txt"), "utf8").trim().split("\n");

test("a stack of the first release is taken over: every resource has its type, name, parent and name on the engine, or an alias", async () => {
  const { resources } = await runCluster({ sparkConnect: "true", catalog: "shared" }, { stack: "dev" });
  const known = resources.flatMap(({ type, name, inputs, options }) =>
    [options.parent ?? "-", ...options.formerParents].map((parent) => {
      const onEngine = type.endsWith(":RemoteImage") ? undefined : (inputs.name ?? inputs.volume);
      return [type, name, parent, ...(typeof onEngine === "string" ? [onEngine] : [])].join(" ");
    }),
  );
  // Values that the first release kept in dynamic resources are now in a Stash of the same name: see kept.test.ts.
  const stashed = (row: string) =>
    row.replace(/^pulumi-nodejs:dynamic\/spark-cluster:(GeneratedSecret|StackHome) /, "pulumi:index:Stash ");
  expect(firstRelease.map(stashed).filter((row) => !known.includes(row))).toEqual([]);
});
