import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync } from "node:fs";
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
const takingStack = [...targets.matchAll(/^([a-z -]+):.*\n\t\$\(call on_/gm)].flatMap(([, names = ""]) => names.split(" "));

test("every command of a stack is among those that are tried", () => {
  expect(takingStack).toEqual(expect.arrayContaining(["up", "down", "submit", "purge", "rotate-token", "run-podman"]));
  // In the two functions.
  expect(targets.match(/_STACK"/g)).toHaveLength(2);
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

/** What `make submit` calls with this. */
const submitted = ({ MAIN = "", OPTIONS = "", ENV = "", ARGS = "", APP = "" }: Readonly<Record<string, string>>) => [
  ...onDev("submit"),
  ...[`--main=${MAIN}`, `--options=${OPTIONS}`, `--variables=${ENV}`, `--args=${ARGS}`, "--", APP],
];

test.each(nasty)("a script, its words, a role and an answer called %j are text", (name) => {
  const given = { APP: name, MAIN: name, ARGS: name, OPTIONS: name, ENV: name };
  expect(called("submit", given)).toEqual(submitted(given));
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

test("a shell's own ENV names no variables", () => {
  expect(called("submit", { APP: "job.py" }, { ENV: "/home/me/.shrc" })).toEqual(submitted({ APP: "job.py" }));
});

test.each(["/home/me", "/it's/$(shell touch canary)/#", ""])("make tells the folder of the shell, %j, as text", (shells) => {
  const script = readFileSync(join(folder, "tools/spark-cluster"));
  write(join(folder, "tools/spark-cluster"), `#!/bin/bash\nprintf '%s\\0' "$CALLED_FROM" >> called\n`, 0o755);
  expect(called("submit", {}, { PWD: shells })).toEqual([shells]);
  write(join(folder, "tools/spark-cluster"), script.toString(), 0o755);
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
