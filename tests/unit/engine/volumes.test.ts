import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Engine } from "../../../engine/engine";
import { makeVolume, markOfVolume, removeVolume, writeVolume } from "../../../engine/volumes";
import { fakeClient, noAnswer, refusing } from "../helpers/client";

const files = JSON.stringify({ "spark-defaults.conf": "spark.authenticate.secret=hunter2" });
const args = {
  volume: "spark-cluster-dev-daemon-files",
  image: "sha256:base",
  labels: [
    { label: "spark-cluster.stack", value: "dev" },
    { label: "spark-cluster.home", value: "abc" },
  ],
  files,
};

describe.each(["docker", "podman"] as const)("on %s,", (kind) => {
  const engine: Engine = { kind, host: "unix:///socket" };

  test("a volume is made with its labels and its mark, once one of its name is removed", () => {
    const { all } = fakeClient();
    makeVolume(engine, "volume", "0123", args.labels);
    expect(all()).toEqual([
      [...naming[kind], "volume", "rm", "volume"],
      [
        ...[...naming[kind], "volume", "create"],
        ...["--label=spark-cluster.stack=dev", "--label=spark-cluster.home=abc", "--label=spark-cluster.mark=0123"],
        "volume",
      ],
    ]);
  });

  test("a volume is made where there is none of its name", () => {
    const { commands } = fakeClient(`[ "$2" != rm ] || ${refusing(missing[kind])}`);
    makeVolume(engine, "volume", "0123", []);
    expect(commands().at(-1)).toEqual(["volume", "create", "--label=spark-cluster.mark=0123", "volume"]);
  });

  test("none is made where one of its name is in use, nor where the engine will not", () => {
    const { commands } = fakeClient(`[ "$2" != rm ] || ${refusing("volume is in use")}`);
    expect(() => {
      makeVolume(engine, "volume", "0123", []);
    }).toThrow("volume is in use");
    expect(commands().map(([, verb]) => verb)).toEqual(["rm"]);
    jest.restoreAllMocks();
    fakeClient(`[ "$2" != create ] || ${refusing("no space left on device")}`);
    expect(() => {
      makeVolume(engine, "volume", "0123", []);
    }).toThrow("no space left on device");
  });

  test("a volume's mark is the value of its label, and none where it has none", () => {
    const { all } = fakeClient("echo 0123");
    expect(markOfVolume(engine, "volume")).toBe("0123");
    const format = '{{index .Labels "spark-cluster.mark"}}';
    expect(all()).toEqual([[...naming[kind], "volume", "inspect", "--format", format, "volume"]]);
    jest.restoreAllMocks();
    fakeClient("echo");
    expect(markOfVolume(engine, "volume")).toBe("");
  });

  test("a volume is removed, by its name alone and not by force", () => {
    const { all } = fakeClient("echo volume");
    removeVolume(engine, "volume");
    expect(all()).toEqual([[...naming[kind], "volume", "rm", "volume"]]);
  });

  test("a volume that is not there has no mark, and to remove it is no error", () => {
    fakeClient(refusing(missing[kind]));
    expect(markOfVolume(engine, "volume")).toBeUndefined();
    expect(() => {
      removeVolume(engine, "volume");
    }).not.toThrow();
  });

  test("an engine that does not answer has no word on any volume", () => {
    fakeClient(refusing(noAnswer[kind]));
    const questions = [
      () => markOfVolume(engine, "volume"),
      () => {
        removeVolume(engine, "volume");
      },
      () => {
        makeVolume(engine, "volume", "0123", []);
      },
    ];
    for (const question of questions) {
      expect(question).toThrow(noAnswer[kind]);
    }
  });

  test("files are written by a container of the image that has the volume, nothing else, and goes when it is done", async () => {
    const { all, folder } = fakeClient('cat > "$here/input"');
    await writeVolume(engine, args);
    const [call = [], ...more] = all();
    expect(more).toEqual([]);
    expect(call.slice(0, naming[kind].length + 1)).toEqual([...naming[kind], "run"]);
    expect(call.slice(-2)).toEqual(["sha256:base", "write-config"]);
    expect(call).toEqual(
      expect.arrayContaining([
        ...["--rm", "--interactive", "--network=none", "--read-only", "--cap-drop=all", "--security-opt=no-new-privileges"],
        ...["--label=spark-cluster.stack=dev", "--label=spark-cluster.home=abc"],
      ]),
    );
    const mounts = call.filter((_, index) => call[index - 1] === "--volume");
    expect(mounts).toEqual(["spark-cluster-dev-daemon-files:/etc/spark-cluster:z"]);
    expect(readFileSync(join(folder, "input"), "utf8")).toBe(files);
  });
});

const naming = {
  docker: ["docker", "--host", "unix:///socket"],
  podman: ["podman", "--remote", "--url", "unix:///socket"],
};
/** What each client says of a volume that is not there. */
const missing = {
  docker: "Error response from daemon: get volume: no such volume",
  podman: "Error: no such volume volume",
};

test("no content of a file stands in the command, where every process of the machine could read it", async () => {
  const { all } = fakeClient("cat > /dev/null");
  await writeVolume({ kind: "docker", host: "unix:///socket" }, args);
  expect(JSON.stringify(all())).not.toMatch(/hunter2|authenticate/);
});

test("what the container wrote is the error, and no file's content is in it", async () => {
  fakeClient("cat > /dev/null; echo 'No space left on device' >&2; exit 1");
  const error: unknown = await writeVolume({ kind: "docker", host: "unix:///socket" }, args).catch((reason: unknown) => reason);
  expect(String(error)).toContain("No space left on device");
  expect(String(error)).not.toContain("hunter2");
});
