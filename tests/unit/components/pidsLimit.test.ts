import * as pulumi from "@pulumi/pulumi";

import { PidsLimit } from "../../../components/pidsLimit";
import { Engine } from "../../../engine/engine";
import { fakeClient } from "../helpers/client";
import { run } from "../helpers/mocks";

const engine: Engine = { kind: "docker", host: "ssh://server" };
const inputs = { engine, containers: ["m", "w"], limit: 300 };

async function provider(): Promise<Required<pulumi.dynamic.ResourceProvider<typeof inputs, typeof inputs>>> {
  const { get } = await run(() => new PidsLimit("pids", { ...inputs, containers: [...inputs.containers] }));
  return get("pids").dynamic as unknown as Required<pulumi.dynamic.ResourceProvider<typeof inputs, typeof inputs>>;
}

test("it is set on all containers when it is made, and when one of them or the number is another", async () => {
  const { commands } = fakeClient("");
  const { create, update } = await provider();
  expect(await create(inputs)).toEqual({ id: "limited", outs: inputs });
  const news = { ...inputs, limit: 400 };
  expect(await update("limited", inputs, news)).toEqual({ outs: news });
  expect(commands()).toEqual([
    ["update", "--pids-limit", "300", "m", "w"],
    ["update", "--pids-limit", "400", "m", "w"],
  ]);
});

test("an engine that refuses is an error", async () => {
  fakeClient("echo 'no such container' >&2; exit 1");
  const { create } = await provider();
  await expect(create(inputs)).rejects.toThrow("no such container");
});

test.each<[string, Partial<typeof inputs>, boolean]>([
  ["nothing", {}, false],
  ["the number", { limit: 400 }, true],
  ["a container", { containers: ["m", "other"] }, true],
])("it is set again when this is another: %s", async (_, edit, changes) => {
  const { diff } = await provider();
  expect(await diff("limited", inputs, { ...inputs, ...edit })).toEqual({ changes });
});
