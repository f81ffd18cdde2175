import childProcess from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { ask, askInside, askUnlessMissing, clientCommand, inspectListed, lastLines, work } from "../../../engine/cli";
import { Engine } from "../../../engine/engine";
import { fakeClient, noAnswer, noClient, refusing } from "../helpers/client";
import { fakeEngine, namingWords } from "../helpers/engine";

const engine: Engine = { kind: "docker", host: "ssh://server" };

test.each(["docker", "podman"] as const)(
  "all that is asked of %s goes through its own client to the stack's engine, and ends at some time",
  (kind) => {
    const of: Engine = { kind, host: "ssh://server" };
    expect(clientCommand(of, "ps", "--quiet")).toEqual([kind, ...namingWords[kind], "ssh://server", "ps", "--quiet"]);
    const logs = () => ({ stdout: "out\n", stderr: "err\n" }); // both of its streams
    const calls = fakeEngine({ kind, exec: (container, command) => `${command} in ${container}`, logs });
    expect(askInside(of, "master", "master-state")).toBe("master-state in master");
    expect(lastLines(of, "master")).toBe("    out\n    err");
    expect(calls.commands.at(-1)).toEqual(["logs", "--tail", "20", "master"]);
    expect([calls.hosts, calls.programs]).toEqual([Array(2).fill("ssh://server"), Array(2).fill(kind)]);
    const [, , options] = jest.mocked(childProcess.execFileSync).mock.calls[0] ?? [];
    expect(options?.timeout).toBeGreaterThan(0);
  },
);

test("a question that fails is an error with the client's words, which are not printed beside it", () => {
  fakeClient("echo 'no such container' >&2; exit 1");
  expect(() => ask(engine, "inspect", "x")).toThrow("no such container");
  const [, , options] = jest.mocked(childProcess.execFileSync).mock.calls[0] ?? [];
  expect(options?.stdio).toEqual(["ignore", "pipe", "pipe"]);
});

test("a question that the engine does not answer is ended, and the error names the engine and the question", () => {
  const error = Object.assign(new Error("spawnSync docker ETIMEDOUT"), { code: "ETIMEDOUT" });
  jest.spyOn(childProcess, "execFileSync").mockImplementation(() => {
    throw error;
  });
  expect(() => ask(engine, "ps", "--all")).toThrow("the engine at ssh://server did not answer within 60 s (docker ps).");
});

test("a command inside a container begins with its input, when the client listens", () => {
  fakeClient('shift 3; "$@"'); // what is left is what the container runs
  expect(askInside(engine, "master", "echo", "two words", "*")).toBe("two words *\n");
  expect(() => askInside(engine, "master", "sh", "-c", "echo why >&2; exit 3")).toThrow("why");
});

describe("a question about what may not be there", () => {
  test("is asked as any other, and an empty answer is one", () => {
    const { commands } = fakeClient('[ "$3" != named ] || echo answer');
    expect(askUnlessMissing(engine, "volume", "inspect", "named")).toBe("answer\n");
    expect(askUnlessMissing(engine, "volume", "inspect", "other")).toBe("");
    expect(commands()[0]).toEqual(["volume", "inspect", "named"]);
  });

  test.each([
    "Error response from daemon: No such image: x:1",
    "Error: No such object: x",
    "Error response from daemon: get x: no such volume",
    "Error: no such volume x",
    "Error: inspecting object: x:1: image not known",
  ])("has no answer where the client says so: %s", (words) => {
    fakeClient(`echo '[]'; ${refusing(words)}`);
    expect(askUnlessMissing(engine, "inspect", "x")).toBeUndefined();
  });

  test.each([
    ...Object.values(noAnswer),
    "error during connect: dial tcp: lookup server on 10.0.0.53:53: no such host",
    "failed to connect to the docker API at unix:///socket: dial unix /socket: connect: no such file or directory",
    "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
    "Error response from daemon: remove x: volume is in use - [1234]",
    "",
  ])("is an error where anything else went wrong: %j", (words) => {
    fakeClient(refusing(words));
    expect(() => askUnlessMissing(engine, "inspect", "x")).toThrow(words === "" ? "Command failed" : words);
  });

  test("is an error where there is no client to ask", () => {
    noClient();
    expect(() => askUnlessMissing(engine, "inspect", "x")).toThrow(
      /^docker, the client of the engine, is not installed: .*ENOENT/,
    );
  });
});

describe("work", () => {
  test("hands over what there is to read, and gives what is printed", async () => {
    const { folder, commands } = fakeClient('cat > "$here/input"; echo printed');
    expect(await work(engine, { seconds: 10, input: "to read\nin lines" }, "run", "an argument")).toBe("printed\n");
    expect(readFileSync(join(folder, "input"), "utf8")).toBe("to read\nin lines");
    expect(commands()).toEqual([["run", "an argument"]]);
  });

  test("ends the input where there is nothing to read, so that nobody waits for it", async () => {
    fakeClient('[ -z "$(cat)" ] && echo nothing');
    expect(await work(engine, { seconds: 10 }, "run")).toBe("nothing\n");
  });

  test("lets others go on meanwhile", async () => {
    fakeClient('[ "$command" = go ] || while [ ! -e "$here/gone" ]; do sleep 0.05; done; touch "$here/gone"');
    expect(await Promise.all([work(engine, { seconds: 20 }, "wait"), work(engine, { seconds: 20 }, "go")])).toEqual(["", ""]);
  });

  test("that fails is an error with all that the client wrote, on both streams, and one without a word, too", async () => {
    fakeClient('[ "$command" != build ] || { echo step 1; echo broken >&2; }; exit 3');
    await expect(work(engine, { seconds: 10 }, "build")).rejects.toThrow(/^step 1\nbroken$/);
    await expect(work(engine, { seconds: 10 }, "build", "context")).rejects.toThrow("build context");
  });

  test("whose client ends before it has read everything says why it ended", async () => {
    fakeClient("exec <&-; echo full >&2; exit 1");
    const input = "x".repeat(4 * 1024 * 1024);
    await expect(work(engine, { seconds: 10, input }, "run")).rejects.toThrow(/^full$/);
  });

  test("that takes too long is ended, with what was written and how long it took", async () => {
    fakeClient("echo 'waiting for somebody'; exec sleep 60");
    await expect(work(engine, { seconds: 1 }, "pull")).rejects.toThrow(/waiting for somebody\nIt was ended after 1 s\./);
  });

  test("whose client is not installed is an error that names it; such a client has no last lines", async () => {
    noClient();
    await expect(work({ kind: "podman", host: "unix:///socket" }, { seconds: 10 }, "run")).rejects.toThrow(/podman.*ENOENT/);
    expect(lastLines(engine, "master").trim()).toBe("");
  });
});

describe("what a command lists is inspected", () => {
  const look = () => inspectListed(engine, ["ps", "--quiet"], ["inspect"]);
  /** Lists a and b first, and b alone from then on; of a, it says these words. */
  const withoutA = (words: string) => `
    case "$command" in
      ps*) [ -e "$here/gone" ] || echo a; echo b; touch "$here/gone" ;;
      *" a "*) ${refusing(words)} ;;
      *) echo '["of b"]' ;;
    esac`;

  test("in no call where there is nothing", () => {
    const { commands } = fakeClient();
    expect(look()).toEqual([]);
    expect(commands()).toEqual([["ps", "--quiet"]]);
  });

  test.each(["Error: No such object: a", "Error: No such task: a", "Error response from daemon: task a not found"])(
    "and listed again where something is gone by then: %s",
    (words) => {
      const { commands } = fakeClient(withoutA(words));
      expect(look()).toEqual(["of b"]);
      expect(commands()).toEqual([
        ["ps", "--quiet"],
        ["inspect", "a", "b"],
        ["ps", "--quiet"],
        ["inspect", "b"],
      ]);
    },
  );

  test("but not for ever", () => {
    const { commands } = fakeClient(`case "$command" in ps*) echo a ;; *) ${refusing("Error: No such object: a")} ;; esac`);
    expect(look).toThrow("No such object: a");
    expect(commands()).toHaveLength(10);
  });

  test("nor where anything else is wrong", () => {
    fakeClient(withoutA("permission denied"));
    expect(look).toThrow("permission denied");
  });
});
