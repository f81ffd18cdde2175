import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { FilledVolume } from "../../../components/filledVolume";
import { Engine } from "../../../engine/engine";
import { fakeClient, noAnswer, refusing } from "../helpers/client";
import { write } from "../helpers/folders";
import { run } from "../helpers/mocks";

const engine: Engine = { kind: "podman", host: "unix:///socket" };
const inputs = {
  engine,
  volume: "volume",
  image: "sha256:base",
  labels: [{ label: "spark-cluster.stack", value: "dev" }],
  files: JSON.stringify({ "jupyter-token": "hunter2" }),
  revision: "one",
};
const program = () => new FilledVolume("files", { ...inputs, files: pulumi.secret(inputs.files) });

interface State {
  readonly engine: Engine;
  readonly volume: string;
  readonly revision: string;
}
type Provider = Required<pulumi.dynamic.ResourceProvider<typeof inputs, State>>;

/** The code behind the resource. */
async function provider(): Promise<Provider> {
  return (await run(program)).get("files").dynamic as unknown as Provider;
}

const mark = "0123456789abcdef";
const state: State = { engine, volume: "volume", revision: "one" };

/** An engine with room for one volume, whose labels and content are files of the client's folder. */
function engineWith(volume?: { readonly mark: string; readonly inUse?: boolean }) {
  const calls = fakeClient(`
there() { [ -e "$here/labels" ] || { echo 'Error: no such volume volume' >&2; exit 1; }; }
case "$command" in
  "volume create "*)
    [ ! -e "$here/labels" ] || { echo 'Error: volume already exists' >&2; exit 1; }
    for word; do case "$word" in --label=*) echo "\${word#--label=}" ;; esac; done > "$here/labels" ;;
  "volume inspect "*) there; sed -n "s/^$(echo "$4" | cut -d'"' -f2)=//p" "$here/labels" ;;
  "volume rm "*)
    there
    ${volume?.inUse === true ? refusing("Error: volume is being used by the following container(s): 1234") : ""}
    rm -f "$here/labels" "$here/content" ;;
  "run "*) there; cat > "$here/content" ;;
  *) exit 2 ;;
esac`);
  const [labels, content] = [join(calls.folder, "labels"), join(calls.folder, "content")];
  if (volume !== undefined) {
    write(labels, `spark-cluster.mark=${volume.mark}\n`);
    write(content, "old");
  }
  const read = (file: string) => (existsSync(file) ? readFileSync(file, "utf8") : undefined);
  return { ...calls, labels: () => read(labels)?.trim().split("\n"), content: () => read(content) };
}

test("its inputs are what it was given, the files as a secret", async () => {
  const { get } = await run(program);
  expect(get("files")).toMatchObject({ type: "pulumi-nodejs:dynamic/spark-cluster:FilledVolume", inputs, secrets: ["files"] });
});

describe("a new one", () => {
  test("is a volume with the stack's labels and its own mark, filled by the image; what is kept of it is no secret", async () => {
    const { labels, content, commands } = engineWith();
    const { create } = await provider();
    const made = await create(inputs);
    expect(made).toEqual({ id: expect.stringMatching(/^[0-9a-f]{16}$/) as string, outs: state });
    expect(labels()).toEqual(["spark-cluster.stack=dev", `spark-cluster.mark=${made.id}`]);
    expect(content()).toBe(inputs.files);
    expect(commands().at(-1)).toEqual(
      expect.arrayContaining(["run", "--label=spark-cluster.stack=dev", "volume:/etc/spark-cluster:z", "sha256:base"]),
    );
    expect(JSON.stringify([made, commands()])).not.toContain("hunter2");
  });

  test("stands in the place of one that a killed run left, and is told from it", async () => {
    const { labels, content } = engineWith({ mark });
    const { create } = await provider();
    const { id } = await create(inputs);
    expect(id).not.toBe(mark);
    expect(labels()).toContain(`spark-cluster.mark=${id}`);
    expect(content()).toBe(inputs.files);
  });

  test("is told from every other of its name", async () => {
    engineWith();
    const { create } = await provider();
    expect((await create(inputs)).id).not.toBe((await create(inputs)).id);
  });

  test("does not write to one of its name that is in use", async () => {
    const { labels, content } = engineWith({ mark, inUse: true });
    const { create } = await provider();
    await expect(create(inputs)).rejects.toThrow("volume is being used");
    expect(labels()).toEqual([`spark-cluster.mark=${mark}`]);
    expect(content()).toBe("old");
  });
});

test("a volume that could not be filled is an error, the first time and later", async () => {
  fakeClient(`[ "$1" != run ] || { cat > /dev/null; ${refusing("No space left on device")}; }`);
  const { create, update } = await provider();
  await expect(create(inputs)).rejects.toThrow("No space left on device");
  await expect(update(mark, state, inputs)).rejects.toThrow("No space left on device");
});

test.each<[string, Partial<typeof inputs>, boolean]>([
  ["nothing", {}, false],
  ["the files, and so their revision", { files: "{}", revision: "two" }, true],
  ["the image that writes them", { image: "sha256:other" }, false],
  ["the labels of the container that writes them", { labels: [] }, false],
])("it is filled again when this is another: %s", async (_, edit, changes) => {
  const { diff } = await provider();
  expect(await diff(mark, state, { ...inputs, ...edit })).toEqual({ changes, replaces: [] });
});

test("another name is another volume, which is made and filled", async () => {
  const { diff } = await provider();
  expect(await diff(mark, state, { ...inputs, volume: "other" })).toEqual({ changes: true, replaces: ["volume"] });
});

test("an update writes the new files in place, to the volume that containers have mounted", async () => {
  const { labels, content, commands } = engineWith({ mark, inUse: true });
  const { update } = await provider();
  const news = { ...inputs, files: JSON.stringify({ "jupyter-token": "other" }), revision: "two" };
  expect(await update(mark, state, news)).toEqual({ outs: { ...state, revision: "two" } });
  expect(content()).toBe(news.files);
  expect(labels()).toEqual([`spark-cluster.mark=${mark}`]);
  expect(commands().map(([verb]) => verb)).toEqual(["run"]);
});

describe("a refresh", () => {
  test("finds the volume that was made", async () => {
    engineWith();
    const { create, read } = await provider();
    const { id, outs } = await create(inputs);
    expect(await read(id, outs)).toEqual({ id, props: outs });
  });

  test.each([
    ["a volume that is gone", undefined],
    ["a volume in whose place is another of its name", { mark: "fedcba9876543210" }],
    ["a volume in whose place is one that nobody marked", { mark: "" }],
  ])("misses %s, so that the next up makes it", async (_, volume) => {
    engineWith(volume);
    const { read } = await provider();
    expect(await read(mark, state)).toEqual({});
  });

  test("misses a volume that no state tells of", async () => {
    engineWith({ mark });
    const { read } = await provider();
    expect(await read(mark)).toEqual({});
  });

  test("is an error, and misses nothing, where no engine answers", async () => {
    fakeClient(refusing(noAnswer.podman));
    const { read } = await provider();
    await expect(read(mark, state)).rejects.toThrow("unable to connect");
  });
});

describe("its end", () => {
  test("is the volume's", async () => {
    const { labels, content } = engineWith({ mark });
    const { delete: remove } = await provider();
    await remove(mark, state);
    expect([labels(), content()]).toEqual([undefined, undefined]);
  });

  test("is no error where the volume is gone", async () => {
    const { commands } = engineWith();
    const { delete: remove } = await provider();
    await remove(mark, state);
    expect(commands()).toEqual([["volume", "rm", "volume"]]);
  });

  test.each([
    ["the volume is in use", "Error: volume is being used by the following container(s): 1234"],
    ["no engine answers", noAnswer.podman],
  ])("is an error where %s", async (_, words) => {
    fakeClient(refusing(words));
    const { delete: remove } = await provider();
    await expect(remove(mark, state)).rejects.toThrow(words);
  });
});
