import * as pulumi from "@pulumi/pulumi";

import { GeneratedSecret } from "../../../components/generatedSecret";
import { resolved, run } from "../helpers/mocks";

const program =
  (generation: pulumi.Input<string> = "1") =>
  () =>
    new GeneratedSecret("token", { generation });

type Provider = Required<pulumi.dynamic.ResourceProvider<{ generation: string }, { generation: string; value: string }>>;

/** The code behind the resource. */
async function provider(): Promise<Provider> {
  return (await run(program())).get("token").dynamic as unknown as Provider;
}

/** What the engine keeps of a new one. */
async function made(by: Provider): Promise<{ id: string; outs: { generation: string; value: string } }> {
  const { id, outs } = await by.create({ generation: "1" });
  return { id, outs: outs ?? { generation: "", value: "" } };
}

test("its value is a secret wherever it goes", async () => {
  const { get, result } = await run(program("7"));
  expect(get("token")).toMatchObject({
    type: "pulumi-nodejs:dynamic/spark-cluster:GeneratedSecret",
    inputs: { generation: "7" },
    options: { additionalSecretOutputs: ["value"] },
  });
  expect(await resolved(result.value)).toEqual({ value: "value of token", known: true, secret: true });
});

test("a preview that makes it does not know it", async () => {
  const { result } = await run(program(), { preview: true });
  expect(await resolved(result.value)).toMatchObject({ known: false });
});

test("a value is 256 bits, and another each time", async () => {
  const by = await provider();
  const all = await Promise.all(Array.from({ length: 20 }, () => made(by)));
  const values = all.map(({ outs }) => outs.value);
  expect(values.every((value) => /^[0-9a-f]{64}$/.test(value))).toBe(true);
  expect(new Set(values).size).toBe(20);
  expect(new Set(all.map(({ id }) => id)).size).toBe(20);
});

test("its id, which is no secret, says nothing of its value", async () => {
  const { id, outs } = await made(await provider());
  expect(outs.value).not.toContain(id);
});

test("the same generation keeps the value, another makes it anew", async () => {
  const by = await provider();
  const { id, outs } = await made(by);
  expect(await by.diff(id, outs, { generation: "1" })).toEqual({ changes: false });
  expect(await by.diff(id, outs, { generation: "2" })).toEqual({ changes: true, replaces: ["generation"] });
});

test("an update for any other cause keeps the value", async () => {
  const by = await provider();
  const { id, outs } = await made(by);
  expect(await by.update(id, outs, { generation: "1" })).toEqual({ outs });
});
