import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { FilledVolume } from "../../../components/filledVolume";
import { Engine, EngineKind } from "../../../engine/engine";
import { fakeClient, noAnswer, refusing } from "../helpers/client";
import { namingWords } from "../helpers/engine";
import { providerOf, run } from "../helpers/mocks";

/** What each client says of a volume that is not there. */
const missing: Readonly<Record<EngineKind, string>> = {
  docker: "Error response from daemon: get volume: no such volume",
  podman: "Error: no such volume volume",
};
const created = "2026-11-30T10:00:00Z";

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
  const state = { engine, volume: "volume", revision: "one", created };
  const own = "dev-jupyterlab";
  const program = () => new FilledVolume("files", { ...inputs, files: pulumi.secret(inputs.files) });
  const provider = () => providerOf<typeof inputs, typeof state>(program);

  /** An engine with one volume of this time of creation, or with none. `users` are the containers that have it, ours among them. */
  function engineWith(time?: string, users: readonly string[] = []) {
    const calls = fakeClient(`
case "$command" in
  "ps "*label=spark-cluster.home=abc*) echo '${users.filter((name) => name === own).join("\n")}' ;;
  "ps "*) echo '${users.join("\n")}' ;;
  "volume inspect "*) ${time === undefined ? `echo '${missing[kind]}' >&2; exit 1` : `echo '${time}'`} ;;
  "run "*) cat > "$here/content" ;;
  *) exit 2 ;;
esac`);
    const content = join(calls.folder, "content");
    return { ...calls, content: () => (existsSync(content) ? readFileSync(content, "utf8") : undefined) };
  }

  test("its inputs are what it was given, the files as a secret", async () => {
    const type = "pulumi-nodejs:dynamic/spark-cluster:FilledVolume";
    expect((await run(program)).get("files")).toMatchObject({ type, inputs, secrets: ["files"] });
  });

  test("its files are written; what is kept of it is no secret, and tells it from other volumes of its name", async () => {
    const { content, all } = engineWith(created);
    const { create, read } = await provider();
    const made = await create(inputs);
    expect(made).toEqual({ id: "volume", outs: state });
    expect(content()).toBe(inputs.files);
    expect(all().map((call) => call.slice(0, naming.length))).toEqual(all().map(() => naming));
    // No content of a file stands in a command, where every process of the machine could read it.
    expect(JSON.stringify([made, all()])).not.toMatch(/hunter2|jupyter-token/);
    expect(await read(made.id, state)).toEqual({ id: made.id, props: state });
  });

  test("files are written by a container of the image that has the volume, nothing else, and goes when it is done", async () => {
    const { commands } = engineWith(created);
    await (await provider()).create(inputs);
    const call = commands().find(([verb]) => verb === "run") ?? [];
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

  test("a volume that a container of another stack uses is left alone; the stack's own may use it", async () => {
    const others = engineWith(created, [own, "other-jupyterlab"]);
    await expect((await provider()).create(inputs)).rejects.toThrow(
      "the volume volume is used by other-jupyterlab, which is not of this stack. Remove it, or rename this stack.",
    );
    expect(others.content()).toBeUndefined();
    jest.restoreAllMocks();
    const { content } = engineWith(created, [own]);
    await (await provider()).create(inputs);
    expect(content()).toBe(inputs.files);
  });

  test("a volume that cannot be filled is an error, the first time and later, without a file's content", async () => {
    const { create, update } = await provider();
    fakeClient(`[ "$1" != run ] || { cat > /dev/null; ${refusing("No space left on device")}; }`);
    for (const attempt of [() => create(inputs), () => update("volume", state, inputs)]) {
      const error: unknown = await attempt().catch((reason: unknown) => reason);
      expect(String(error)).toContain("No space left on device");
      expect(String(error)).not.toContain("hunter2");
    }
  });

  test.each<[string, Partial<typeof inputs>, boolean]>([
    ["nothing", {}, false],
    ["the files, and so their revision", { files: "{}", revision: "two" }, true],
    ["the image that writes them", { image: "sha256:other" }, false],
    ["the labels of the container that writes them", { labels: [] }, false],
    ["the name, which is another volume's", { volume: "other" }, true],
  ])("it is filled again when this is another: %s", async (_, edit, changes) => {
    expect(await (await provider()).diff("volume", state, { ...inputs, ...edit })).toEqual({ changes });
  });

  test("it is filled again after an upgrade from a version in which it was the volume itself", async () => {
    const { created: _, ...older } = state;
    expect(await (await provider()).diff("volume", older as typeof state, inputs)).toEqual({ changes: true });
  });

  test("an update writes the new files in place, to the volume that containers have mounted", async () => {
    const { content, commands } = engineWith(created, [own]);
    const news = { ...inputs, files: JSON.stringify({ "jupyter-token": "other" }), revision: "two" };
    expect(await (await provider()).update("volume", state, news)).toEqual({ outs: { ...state, revision: "two" } });
    expect(content()).toBe(news.files);
    expect(commands().map(([verb]) => verb)).toEqual(["run", "volume"]);
  });

  test.each([
    ["a volume that is gone", undefined],
    ["a volume in whose place is another of its name", "2026-11-30T11:00:00Z"],
  ])("a refresh misses %s, so that the next up fills it", async (_, time) => {
    engineWith(time);
    const { read } = await provider();
    expect(await read("volume", state)).toEqual({});
    expect(await read("volume")).toEqual({});
  });

  test("an engine that does not answer has no word on the volume: that is an error", async () => {
    fakeClient(refusing(noAnswer[kind]));
    const { create, read } = await provider();
    await expect(read("volume", state)).rejects.toThrow(noAnswer[kind]);
    await expect(create(inputs)).rejects.toThrow(noAnswer[kind]);
  });
});
