import { SuppliedImage, Way } from "../../../components/suppliedImage";
import { Engine } from "../../../engine/engine";
import { fakeClient, noAnswer, refusing, withoutImages } from "../helpers/client";
import { providerOf, run } from "../helpers/mocks";

const engine: Engine = { kind: "podman", host: "unix:///socket" };
const reference = "registry.example.com/spark-cluster-base:tag";
const state = { engine, reference };
const pull: Way = { pull: { user: "me", password: "hunter2" } };
const secrets = [{ id: "package-sources", src: "sources" }];
const build: Way = { build: { context: "images/base", buildArgs: { REBUILD: "1" }, secrets } };
const program = (way: Way) => () => new SuppliedImage("image", { engine, reference, way });
const provider = () => providerOf<typeof state & { readonly way: Way }, typeof state>(program(pull));

const ways = [
  {
    ...{ name: "pulled", way: pull, refused: /lets nobody pull .* as me/ },
    command: ["pull", "--authfile", expect.any(String), reference],
  },
  {
    ...{ name: "built", way: build, refused: /the build of images\/base\/Dockerfile failed/ },
    command: [
      "build",
      "--build-arg",
      "REBUILD=1",
      "--secret",
      "id=package-sources,src=sources",
      "--tag",
      reference,
      "images/base",
    ],
  },
];

describe.each(ways)("an image that is to be $name", ({ way, refused, command }) => {
  test("comes by a way that is a secret, for a login is in it", async () => {
    const type = "pulumi-nodejs:dynamic/spark-cluster:SuppliedImage";
    expect((await run(program(way))).get("image")).toMatchObject({ type, inputs: { ...state, way }, secrets: ["way"] });
  });

  test("is, where the engine does not have it, and is taken as it is where it has; no login is kept", async () => {
    const { create } = await provider();
    const { commands } = fakeClient(withoutImages);
    const made = await create({ ...state, way });
    expect(made).toEqual({ id: reference, outs: state });
    expect(commands().slice(1)).toEqual([command]);
    jest.restoreAllMocks();
    const there = fakeClient();
    expect(await create({ ...state, way })).toEqual(made);
    expect(there.commands().map(([verb]) => verb)).toEqual(["image"]);
  });

  test("and does not come is an error, and nothing is made", async () => {
    fakeClient(`${withoutImages}\n${refusing("denied: no")}`);
    await expect((await provider()).create({ ...state, way })).rejects.toThrow(refused);
  });

  test("is neither made nor missed by a refresh where no engine answers", async () => {
    const { commands } = fakeClient(refusing(noAnswer.podman));
    const { create, read } = await provider();
    await expect(create({ ...state, way })).rejects.toThrow(noAnswer.podman);
    await expect(read(reference, state)).rejects.toThrow(noAnswer.podman);
    expect(commands().map(([verb]) => verb)).toEqual(["image", "image"]);
  });
});

test("another name is another image, which stands before the old one goes; another way makes no other", async () => {
  const { diff, delete: remove } = (await provider()) as Awaited<ReturnType<typeof provider>> & { delete?: unknown };
  expect(await diff(reference, state, { ...state, way: build })).toEqual({ changes: false });
  const other = { engine, reference: "other:1", way: pull };
  expect(await diff(reference, state, other)).toEqual({ changes: true, replaces: ["reference"] });
  expect(remove).toBeUndefined(); // its removal leaves the image to the other stacks
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
