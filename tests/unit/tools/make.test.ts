import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { temporaryFolder, write } from "../helpers/folders";

const project = join(__dirname, "../../..");
const targets = readFileSync(join(project, "Makefile"), "utf8");

let folder: string;

/** The Makefile, with a program in the place of the project's that prints what it is called with. */
beforeAll(() => {
  folder = temporaryFolder();
  cpSync(join(project, "Makefile"), join(folder, "Makefile"));
  write(join(folder, "tools/spark-cluster"), `#!/bin/bash\nprintf '%s\\0' "$@" >> called\n`, 0o755);
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

const onDev = (command: string) => [command, "--stack", "dev"];

const nasty = [
  ...["$(touch canary)", "$(shell touch canary)", "${shell touch canary}", "$$(touch canary)", "`touch canary`", "$(error no)"],
  ...["; touch canary;", "x && touch canary", "x\ntouch canary", "x\n\ttouch canary", "> canary", "\\", "#", "it's"],
  ...["' ; touch canary ; '", '" ; touch canary ; "', "ü 😀 \u202e", "a".repeat(10_000)],
];

/** Targets whose recipe calls a command on a stack; a rule may have several. */
const takingStack = [...targets.matchAll(/^([a-z -]+):.*\n\t(?:\$\(call on_|@mapfile)/gm)].flatMap(([, names = ""]) =>
  names.split(" "),
);

test("every command of a stack is among those that are tried", () => {
  expect(takingStack).toEqual(expect.arrayContaining(["up", "down", "submit", "purge", "rotate-token", "run-podman"]));
  // In the two functions and in `submit`.
  expect(targets.match(/_STACK"/g)).toHaveLength(3);
  expect(targets).not.toMatch(/\$\((STACK|APP|ARGS|MAIN|OPTIONS|ROLE|PULUMI_STACK)\)/);
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
  expect(called("submit", { APP: name, MAIN: name })).toEqual([...onDev("submit"), "--main", name, "--", name]);
  expect(called("logs", { ROLE: name, FOLLOW: name })).toEqual([...onDev("logs"), "--role", name]);
  expect(called("purge", { YES: name })).toEqual(onDev("purge"));
  expect(called("sbom", { IMAGE: name })).toEqual([...onDev("sbom"), "--image", name]);
});

test("make help lists the targets", () => {
  const { status, stdout, stderr } = spawnSync("make", [], { cwd: project, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/^ {2}make up +Bring the cluster up/m);
  expect(stdout).toMatch(/^ {2}make env .*eval "\$\(make -s env\)"$/m);
});

test("FOLLOW=1 follows the logs, and YES=1 confirms", () => {
  expect(called("logs", { FOLLOW: "1" })).toEqual([...onDev("logs"), "--role", "", "--follow"]);
  expect(called("purge", { YES: "1" })).toEqual([...onDev("purge"), "--yes"]);
});

test.each([
  ["one two", ["one", "two"]],
  [`one "two three" 'four five' six\\ seven`, ["one", "two three", "four five", "six seven"]],
  [`"it's" 'say "no"' ""`, ["it's", 'say "no"', ""]],
  ["$(touch canary) `touch canary` ; touch canary", ["$(touch", "canary)", "`touch", "canary`", ";", "touch", "canary"]],
  ["$HOME $$ * ~ > canary --help -x", ["$HOME", "$$", "*", "~", ">", "canary", "--help", "-x"]],
  ["", []],
])("the arguments %j are these words, and nothing that a shell would make of them", (words, expected) => {
  const all = [...onDev("submit"), ...expected.map((word) => `--option=${word}`), "--", "job.py", ...expected];
  expect(called("submit", { APP: "job.py", ARGS: words, OPTIONS: words })).toEqual(all);
});

test("ENV names variables, and a shell's own ENV does not", () => {
  const words = [...onDev("submit"), "--env=DB_PASSWORD", "--env=OTHER", "--", "job.py"];
  expect(called("submit", { APP: "job.py", ENV: "DB_PASSWORD OTHER" })).toEqual(words);
  expect(called("submit", { APP: "job.py" }, { ENV: "/home/me/.shrc" })).toEqual([...onDev("submit"), "--", "job.py"]);
});

test("a quote that does not end is said, and no command is started", () => {
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
  expect(called("up", words, env)).toEqual(["up", "--stack", stack]);
  expect(called("run-docker", words, env)).toEqual(["up", "--engine", "docker", "--stack", stack]);
  expect(called("run-podman", words, env)).toEqual(["up", "--engine", "podman", "--stack", podman]);
});
