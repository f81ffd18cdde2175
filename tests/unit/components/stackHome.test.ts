import * as pulumi from "@pulumi/pulumi";

import { StackHome } from "../../../components/stackHome";
import { resolved, run } from "../helpers/mocks";

const program = () => new StackHome("home", { host: "ssh://server" });

type Provider = Required<pulumi.dynamic.ResourceProvider<{ host?: string }, { host: string; id: string }>>;

/** The code behind the resource. */
async function provider(): Promise<Provider> {
  return (await run(program)).get("home").dynamic as unknown as Provider;
}

const outs = { host: "ssh://old", id: "abc" };

test("the engine is its only input; its id tells the stack from others", async () => {
  const { get, result } = await run(program);
  expect(get("home")).toMatchObject({ type: "pulumi-nodejs:dynamic/spark-cluster:StackHome", inputs: { host: "ssh://server" } });
  expect(await resolved(result.id)).toMatchObject({ value: "home-id", known: true });
  const preview = await run(program, { preview: true });
  expect(await resolved(preview.result.id)).toMatchObject({ known: false });
});

test("two stacks of the same name are told apart", async () => {
  const { create } = await provider();
  const [one, other] = await Promise.all([create({ host: "ssh://server" }), create({ host: "ssh://server" })]);
  expect(one.id).toMatch(/^[0-9a-f]{16}$/);
  expect(one.outs).toEqual({ host: "ssh://server", id: one.id });
  expect(other.id).not.toBe(one.id);
});

test("another engine is refused, with both engines and what to do", async () => {
  const { diff } = await provider();
  const message = /lives on the engine ssh:\/\/old.*now names ssh:\/\/new[^]*make down first/;
  await expect(diff("abc", outs, { host: "ssh://new" })).rejects.toThrow(message);
});

test("the same engine changes nothing, nor does one that is not known yet", async () => {
  const { diff } = await provider();
  expect(await diff("abc", outs, { host: "ssh://old" })).toEqual({ changes: false });
  expect(await diff("abc", outs, {})).toEqual({ changes: false });
});

test("an update for any other cause keeps engine and id", async () => {
  const { update } = await provider();
  expect(await update("abc", outs, { host: "ssh://old" })).toEqual({ outs });
});
