import * as pulumi from "@pulumi/pulumi";

import { SuppliedImage, Way } from "../../../components/suppliedImage";
import { Engine } from "../../../engine/engine";
import { fakeClient, noAnswer, refusing, withoutImages } from "../helpers/client";
import { run } from "../helpers/mocks";

const engine: Engine = { kind: "podman", host: "unix:///socket" };
const reference = "registry.example.com/spark-cluster-base:tag";
const pull: Way = { pull: { user: "me", password: "hunter2" } };
const build: Way = {
  build: { context: "images/base", buildArgs: { REBUILD: "1" }, secrets: [{ id: "package-sources", src: "sources" }] },
};
const program = (way: Way) => () => new SuppliedImage("image", { engine, reference, way });

interface Inputs {
  readonly engine: Engine;
  readonly reference: string;
  readonly way: Way;
}
type State = Omit<Inputs, "way">;
type Provider = Required<pulumi.dynamic.ResourceProvider<Inputs, State>>;

/** The code behind the resource. */
async function provider(): Promise<Provider> {
  return (await run(program(pull))).get("image").dynamic as unknown as Provider;
}

const state: State = { engine, reference };

test.each([pull, build])("how it comes to the engine is a secret, for a login is in it: %j", async (way) => {
  const { get } = await run(program(way));
  expect(get("image")).toMatchObject({
    type: "pulumi-nodejs:dynamic/spark-cluster:SuppliedImage",
    inputs: { engine, reference, way },
    secrets: ["way"],
  });
});

test("an image that the engine does not have is built where it is to be built", async () => {
  const { commands } = fakeClient(withoutImages);
  const { create } = await provider();
  expect(await create({ engine, reference, way: build })).toEqual({ id: reference, outs: state });
  const [, made = [], ...more] = commands();
  expect(more).toEqual([]);
  expect(made).toEqual(
    expect.arrayContaining(["build", "REBUILD=1", "id=package-sources,src=sources", reference, "images/base"]),
  );
});

test("an image that the engine does not have is pulled where it is to be pulled, and the login is not kept", async () => {
  const { commands } = fakeClient(withoutImages);
  const { create } = await provider();
  const made = await create({ engine, reference, way: pull });
  expect(made).toEqual({ id: reference, outs: state });
  expect(JSON.stringify(made)).not.toContain("hunter2");
  expect(commands().map(([verb]) => verb)).toEqual(["image", "pull"]);
});

test.each([pull, build])("an image that the engine has is taken as it is: %j", async (way) => {
  const { commands } = fakeClient();
  const { create } = await provider();
  expect(await create({ engine, reference, way })).toEqual({ id: reference, outs: state });
  expect(commands().map(([verb]) => verb)).toEqual(["image"]);
});

test.each([
  [pull, /lets nobody pull .* as me/],
  [build, /the build of images\/base\/Dockerfile failed/],
])("an image that does not come is an error, and nothing is made: %j", async (way, message) => {
  fakeClient(`${withoutImages}\n${refusing("denied: no")}`);
  const { create } = await provider();
  await expect(create({ engine, reference, way })).rejects.toThrow(message);
});

test("another name is another image, which stands before the old one goes; another way makes no other", async () => {
  const { diff } = await provider();
  expect(await diff(reference, state, { engine, reference, way: build })).toEqual({ changes: false });
  expect(await diff(reference, state, { engine, reference: "other:1", way: pull })).toEqual({
    changes: true,
    replaces: ["reference"],
  });
});

test("its removal leaves the image to the other stacks", async () => {
  const { delete: remove } = (await provider()) as { delete?: unknown };
  expect(remove).toBeUndefined();
});

test("a refresh finds the image, or misses one that is gone, so that the next up brings it", async () => {
  const { read } = await provider();
  fakeClient();
  expect(await read(reference, state)).toEqual({ id: reference, props: state });
  expect(await read(reference)).toEqual({});
  jest.restoreAllMocks();
  fakeClient(withoutImages);
  expect(await read(reference, state)).toEqual({});
});

test("where no engine answers, nothing is made, and a refresh misses no image", async () => {
  const { commands } = fakeClient(refusing(noAnswer.podman));
  const { create, read } = await provider();
  await expect(create({ engine, reference, way: build })).rejects.toThrow(noAnswer.podman);
  await expect(read(reference, state)).rejects.toThrow(noAnswer.podman);
  expect(commands().map(([verb]) => verb)).toEqual(["image", "image"]);
});
