import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { temporaryFolder } from "../helpers/folders";

const arguments_ = { engine: { kind: "docker", host: "unix:///docker.sock" }, containers: ["a"], limit: 10 } as const;

/** Registers a resource as another run of the program does. */
async function provider(): Promise<unknown> {
  let text: unknown;
  await jest.isolateModulesAsync(async () => {
    const { PidsLimit } = await import("../../../components/pidsLimit");
    const { run } = await import("../helpers/mocks");
    const { resources } = await run(() => new PidsLimit("limit", arguments_));
    text = resources[0]?.dynamic;
  });
  return text;
}

test("the text of a provider is kept for the next run, if there is a cache", async () => {
  const folder = temporaryFolder();
  jest.replaceProperty(process, "env", { ...process.env, SPARK_CLUSTER_CACHE: folder });
  expect(await provider()).toBeDefined();
  const [file = "", ...more] = readdirSync(folder);
  expect([file, more]).toEqual([expect.stringMatching(/^PidsLimit-[0-9a-f]{64}\.txt$/), []]);
  expect(readFileSync(join(folder, file), "utf8")).toBe("0");
  writeFileSync(join(folder, file), "7"); // a provider that is not there
  expect(await provider()).toBeUndefined();
});
