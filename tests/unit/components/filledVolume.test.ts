import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { FilledVolume } from "../../../components/filledVolume";
import { Engine, EngineKind } from "../../../engine/engine";
import { fakeClient, noAnswer, refusing } from "../helpers/client";
import { namingWords } from "../helpers/engine";
import { write } from "../helpers/folders";
import { providerOf, run } from "../helpers/mocks";

/** What each client says of a volume that is not there. */
const missing: Readonly<Record<EngineKind, string>> = {
  docker: "Error response from daemon: get volume: no such volume",
  podman: "Error: no such volume volume",
};
const inUseWords = "Error: volume is being used by the following container(s): 1234";
const mark = "0123456789abcdef";

describe.each(["docker", "podman"] as const)("on %s,", (kind) => {
  const engine: Engine = { kind, host: "unix:///socket" };
  const naming = [kind, ...namingWords[kind], "unix:///socket"];
  const inputs = {
    engine,
    volume: "volume",
    image: "sha256:base",
    labels: [
      { label: "spark-cluster.stack", value: "dev" },
      { label: "spark-cluster.home", value: "abc" },
    ],
    files: JSON.stringify({ "jupyter-token": "hunter2" }),
    revision: "one",
  };
  const state = { engine, volume: "volume", revision: "one" };
  const program = () => new FilledVolume("files", { ...inputs, files: pulumi.secret(inputs.files) });
  const provider = () => providerOf<typeof inputs, typeof state>(program);

  /** An engine with room for one volume, whose labels and content are files of the client's folder. */
  function engineWith(volume?: { readonly mark: string; readonly inUse?: boolean }) {
    const calls = fakeClient(`
there() { [ -e "$here/labels" ] || { echo '${missing[kind]}' >&2; exit 1; }; }
case "$command" in
  "volume create "*)
    [ ! -e "$here/labels" ] || { echo 'Error: volume already exists' >&2; exit 1; }
    for word; do case "$word" in --label=*) echo "\${word#--label=}" ;; esac; done > "$here/labels" ;;
  "volume inspect "*) there; sed -n "s/^$(echo "$4" | cut -d'"' -f2)=//p" "$here/labels" ;;
  "volume rm volume") there; ${volume?.inUse === true ? refusing(inUseWords) : 'rm -f "$here/labels" "$here/content"'} ;;
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
    const type = "pulumi-nodejs:dynamic/spark-cluster:FilledVolume";
    expect((await run(program)).get("files")).toMatchObject({ type, inputs, secrets: ["files"] });
  });

  test("a new one is a volume with the stack's labels and its own mark; what is kept of it is no secret", async () => {
    const { labels, content, all, commands } = engineWith();
    const { create, read } = await provider();
    const made = await create(inputs);
    expect(made).toEqual({ id: expect.stringMatching(/^[0-9a-f]{16}$/) as string, outs: state });
    expect(labels()).toEqual(["spark-cluster.stack=dev", "spark-cluster.home=abc", `spark-cluster.mark=${made.id}`]);
    expect(commands()[1]?.filter((word) => !word.startsWith("--"))).toEqual(["volume", "create", "volume"]);
    expect(content()).toBe(inputs.files);
    expect(all().map((call) => call.slice(0, naming.length))).toEqual(all().map(() => naming));
    // No content of a file stands in a command, where every process of the machine could read it.
    expect(JSON.stringify([made, all()])).not.toMatch(/hunter2|jupyter-token/);
    expect(await read(made.id, state)).toEqual({ id: made.id, props: state });
  });

  test("files are written by a container of the image that has the volume, nothing else, and goes when it is done", async () => {
    const { commands } = engineWith();
    await (await provider()).create(inputs);
    const call = commands().at(-1) ?? [];
    expect([call[0], ...call.slice(-2)]).toEqual(["run", "sha256:base", "write-config"]);
    expect(call).toEqual(
      expect.arrayContaining([
        ...["--rm", "--interactive", "--network=none", "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges"],
        "--security-opt=label=level:s0",
        ...["--label=spark-cluster.stack=dev", "--label=spark-cluster.home=abc"],
      ]),
    );
    expect(call.filter((_, index) => call[index - 1] === "--volume")).toEqual(["volume:/etc/spark-cluster:z"]);
  });

  test("a new one takes the place of one that a killed run left, and is told from every other of its name", async () => {
    const { labels, content } = engineWith({ mark });
    const { create, read } = await provider();
    const ids = [mark, (await create(inputs)).id, (await create(inputs)).id];
    expect(new Set(ids).size).toBe(3);
    expect(labels()).toContain(`spark-cluster.mark=${String(ids[2])}`);
    expect(content()).toBe(inputs.files);
    expect(await read(mark, state)).toEqual({});
  });

  test("a new one writes nothing to one of its name that is in use", async () => {
    const { labels, content } = engineWith({ mark, inUse: true });
    await expect((await provider()).create(inputs)).rejects.toThrow("volume is being used");
    expect([labels(), content()]).toEqual([[`spark-cluster.mark=${mark}`], "old"]);
  });

  test("a volume that cannot be made or filled is an error, the first time and later, without a file's content", async () => {
    const { create, update } = await provider();
    fakeClient(`[ "$2" != create ] || ${refusing("no space left on device")}`);
    await expect(create(inputs)).rejects.toThrow("no space left on device");
    jest.restoreAllMocks();
    fakeClient(`[ "$1" != run ] || { cat > /dev/null; ${refusing("No space left on device")}; }`);
    for (const attempt of [() => create(inputs), () => update(mark, state, inputs)]) {
      const error: unknown = await attempt().catch((reason: unknown) => reason);
      expect(String(error)).toContain("No space left on device");
      expect(String(error)).not.toContain("hunter2");
    }
  });

  test.each<[string, Partial<typeof inputs>, boolean, string[]]>([
    ["nothing", {}, false, []],
    ["the files, and so their revision", { files: "{}", revision: "two" }, true, []],
    ["the image that writes them", { image: "sha256:other" }, false, []],
    ["the labels of the container that writes them", { labels: [] }, false, []],
    ["the name, which is another volume's", { volume: "other" }, true, ["volume"]],
  ])("it is filled again when this is another: %s", async (_, edit, changes, replaces) => {
    expect(await (await provider()).diff(mark, state, { ...inputs, ...edit })).toEqual({ changes, replaces });
  });

  test("an update writes the new files in place, to the volume that containers have mounted", async () => {
    const { labels, content, commands } = engineWith({ mark, inUse: true });
    const news = { ...inputs, files: JSON.stringify({ "jupyter-token": "other" }), revision: "two" };
    expect(await (await provider()).update(mark, state, news)).toEqual({ outs: { ...state, revision: "two" } });
    expect([labels(), content()]).toEqual([[`spark-cluster.mark=${mark}`], news.files]);
    expect(commands().map(([verb]) => verb)).toEqual(["run"]);
  });

  test.each([
    ["a volume that is gone", undefined],
    ["a volume in whose place is another of its name", { mark: "fedcba9876543210" }],
    ["a volume in whose place is one that nobody marked", { mark: "" }],
  ])("a refresh misses %s, so that the next up makes it", async (_, volume) => {
    engineWith(volume);
    const { read } = await provider();
    expect(await read(mark, state)).toEqual({});
    expect(await read(mark)).toEqual({});
  });

  test("its end is the volume's, by its name alone and not by force, and is no error where that is gone", async () => {
    const { labels, content, commands } = engineWith({ mark });
    const { delete: remove } = await provider();
    await remove(mark, state);
    await remove(mark, state);
    expect([labels(), content()]).toEqual([undefined, undefined]);
    expect(commands()).toEqual(Array(2).fill(["volume", "rm", "volume"]));
  });

  test.each([inUseWords, noAnswer[kind]])("an engine that says %j has no word on the volume: that is an error", async (words) => {
    const { commands } = fakeClient(refusing(words));
    const { create, read, delete: remove } = await provider();
    await expect(read(mark, state)).rejects.toThrow(words);
    await expect(remove(mark, state)).rejects.toThrow(words);
    await expect(create(inputs)).rejects.toThrow(words);
    expect(commands().map(([, verb]) => verb)).toEqual(["inspect", "rm", "rm"]);
  });
});
