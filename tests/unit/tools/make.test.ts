import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { temporaryFolder, write } from "../helpers/folders";

const project = join(__dirname, "../../..");
const targets = readFileSync(join(project, "Makefile"), "utf8");

let folder: string;

/** The Makefile, with scripts in the place of the project's that print what they are called with. */
beforeAll(() => {
  folder = temporaryFolder();
  cpSync(join(project, "Makefile"), join(folder, "Makefile"));
  for (const script of readdirSync(join(project, "tools")).filter((file) => file.endsWith(".sh"))) {
    const note = `printf '%s\\0' "\${0##*/}" "$@" "FOLLOW=\${FOLLOW-}" "YES=\${YES-}" >> called`;
    write(join(folder, "tools", script), `#!/bin/bash\n${note}\n`, 0o755);
  }
});

/** What a target called, with what a person gave to make as words and in the environment. */
function called(target: string, words: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}): string[] {
  rmSync(join(folder, "called"), { force: true });
  const { STACK: _stack, PULUMI_STACK: _pulumi, MAKEFLAGS: _flags, ...rest } = process.env;
  const given = Object.entries(words).map(([name, value]) => `${name}=${value}`);
  const { status, stderr } = spawnSync("make", ["--silent", target, ...given], {
    cwd: folder,
    env: { ...rest, ...env },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"], // bash takes a socket for a login over the network, and reads this machine's bashrc
    timeout: 60_000,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(readdirSync(folder).sort()).toEqual(["Makefile", "called", "tools"]);
  return readFileSync(join(folder, "called"), "utf8").split("\0").slice(0, -1);
}

const nasty = [
  ...["$(touch canary)", "$(shell touch canary)", "${shell touch canary}", "$$(touch canary)", "`touch canary`", "$(error no)"],
  ...["; touch canary;", "x && touch canary", "x\ntouch canary", "x\n\ttouch canary", "> canary", "\\", "#", "it's"],
  ...["' ; touch canary ; '", '" ; touch canary ; "', "ü 😀 \u202e", "a".repeat(10_000)],
];

const takingStack = [...targets.matchAll(/^([a-z-]+):.*\n\t@.*"\$\$(?:THIS|PODMAN)_STACK"/gm)].map(([, target]) => target ?? "");

test("every command of a stack is among those that are tried", () => {
  expect(takingStack).toEqual(expect.arrayContaining(["up", "down", "submit", "purge", "rotate-token", "run-podman"]));
  // But `status`, which evaluates what env.sh prints, and no script prints that here.
  expect(targets.match(/_STACK"/g)).toHaveLength(takingStack.length + 1);
  expect(targets).not.toMatch(/\$\((STACK|APP|ARGS|ROLE|PULUMI_STACK)\)/);
});

test.each(nasty)("a stack called %j is text to make and to its shell, for every command", (name) => {
  expect(called("up", { STACK: name })).toContain(name);
  expect(called("up", {}, { STACK: name })).toContain(name);
  expect(called("up", {}, { PULUMI_STACK: name })).toContain(name);
});

test.each(takingStack)("make %s takes the stack as text", (target) => {
  const name = "$(shell touch canary)`touch canary`;touch canary";
  expect(called(target, { STACK: name })).toContain(name);
});

test.each(nasty)("a script, a role and an answer called %j are text", (name) => {
  expect(called("submit", { APP: name })).toEqual(["submit.sh", "dev", name, "FOLLOW=", "YES="]);
  expect(called("logs", { ROLE: name, FOLLOW: name })).toEqual(["logs.sh", "dev", name, `FOLLOW=${name}`, "YES="]);
  expect(called("purge", { YES: name })).toEqual(["purge.sh", "dev", "FOLLOW=", `YES=${name}`]);
});

test.each([
  ["one two", ["one", "two"]],
  [`one "two three" 'four five' six\\ seven`, ["one", "two three", "four five", "six seven"]],
  [`"it's" 'say "no"' ""`, ["it's", 'say "no"', ""]],
  ["$(touch canary) `touch canary` ; touch canary", ["$(touch", "canary)", "`touch", "canary`", ";", "touch", "canary"]],
  ["$HOME $$ * ~ > canary --help -x", ["$HOME", "$$", "*", "~", ">", "canary", "--help", "-x"]],
  ["", []],
])("the arguments %j are these words, and nothing that a shell would make of them", (words, expected) => {
  const all = ["submit.sh", "dev", "job.py", ...expected, "FOLLOW=", "YES="];
  expect(called("submit", { APP: "job.py", ARGS: words })).toEqual(all);
});

test("a quote that does not end is said, and no script is started", () => {
  rmSync(join(folder, "called"), { force: true });
  const { status, stderr } = spawnSync("make", ["submit", "APP=job.py", "ARGS=it's"], { cwd: folder, encoding: "utf8" });
  expect(status).not.toBe(0);
  expect(stderr).toContain("unmatched single quote");
  expect(existsSync(join(folder, "called"))).toBe(false);
});

test.each([
  [{}, {}, "dev", "podman"],
  [{ STACK: "mine" }, {}, "mine", "mine"],
  [{}, { STACK: "mine" }, "mine", "mine"],
  [{}, { PULUMI_STACK: "mine" }, "mine", "podman"],
  [{ STACK: "mine" }, { PULUMI_STACK: "other" }, "mine", "mine"],
])("given %j and %j, the stack is %s, and Podman's is %s", (words, env, stack, podman) => {
  expect(called("up", words, env)[1]).toBe(stack);
  expect(called("run-podman", words, env)[3]).toBe(podman);
});

describe("a stack's name", () => {
  const env = (stack: string) =>
    spawnSync(join(project, "tools/env.sh"), [stack], {
      env: { ...process.env, SPARK_CLUSTER_HOME: temporaryFolder() },
      encoding: "utf8",
    });

  test.each(["dev", "team-2", "A.b_c", "1", "a".repeat(100)])("may be %j", (stack) => {
    const { status, stdout } = env(stack);
    expect(status).toBe(0);
    expect(stdout).toContain(`export PULUMI_STACK=${stack}\n`);
  });

  test.each(["..", ".", "-x", "_x", "a/b", "a b", "$(touch canary)", "a\n", "a".repeat(101), "\u001b[2J"])(
    "may not be %j, of which files would be named",
    (stack) => {
      const { status, stdout, stderr } = env(stack);
      expect([status, stdout]).toEqual([1, ""]);
      expect(stderr).toContain("A stack's name begins with a letter or a digit");
      expect(stderr.trimEnd()).not.toMatch(/\p{Cc}/u);
    },
  );
});
