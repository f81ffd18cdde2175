import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";

import * as programs from "../../../tools/programs";
import { ignoreSalts, settleFile } from "../../../tools/stack/git";
import { explainedSecrets } from "../../../tools/stack/salt";
import { temporaryFolder, write } from "../helpers/folders";

let folder: string;

const git = (...args: string[]) => {
  const person = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  return execFileSync("git", [...person, ...args], { cwd: folder, encoding: "utf8" }).trim();
};
const put = (text: string) => {
  write(join(folder, "Pulumi.dev.yaml"), text);
};

const plain = 'config:\n  spark-cluster:workers: "2"\n';
const salt = "encryptionsalt: v1:abc=:v1:def:ghi=\n";

/** A checkout whose git had the filter of an earlier version. */
beforeEach(() => {
  folder = temporaryFolder();
  copyFileSync(join(__dirname, "../../../.gitattributes"), join(folder, ".gitattributes"));
  git("init", "--quiet");
  git("config", "filter.pulumi-salt.clean", "sed '/^encryptionsalt:/d'");
  ignoreSalts(folder);
  put(plain);
  git("add", "--all");
  git("commit", "--quiet", "--message", "first");
});

test("a salt alone changes nothing for git, wherever it is in the file", () => {
  jest.replaceProperty(programs, "root", folder);
  for (const text of [salt + plain, plain + salt]) {
    put(text);
    settleFile("Pulumi.dev.yaml");
    expect(git("status", "--porcelain")).toBe("");
    expect(readFileSync(join(folder, "Pulumi.dev.yaml"), "utf8")).toBe(text);
  }
});

test.each(["  spark-cluster:registryPassword:\n    secure: v1:x\n", "  spark-cluster:list:\n    - secure: v1:x\n"])(
  "the salt of a secret comes back from a stash, and is in commits: %j",
  (secret) => {
    for (const text of [salt + plain + secret, plain + secret + salt]) {
      put(text);
      git("stash");
      git("stash", "pop");
      expect(readFileSync(join(folder, "Pulumi.dev.yaml"), "utf8")).toBe(text);
    }
    git("commit", "--quiet", "--all", "--message", "secret");
    expect(git("show", "HEAD:Pulumi.dev.yaml")).toContain("encryptionsalt: v1:abc");
  },
);

test("a file whose salt is lost is named, with the command that sets its secrets again", () => {
  const lost = new Error("error: could not decrypt configuration values: cipher: message authentication failed");
  expect(String(explainedSecrets(lost, "dev", "Pulumi.dev.yaml"))).toMatch(
    /Pulumi\.dev\.yaml[^]*STACK=dev\)" && pulumi config set --secret KEY/,
  );
  const other = new Error("error: no network");
  expect(explainedSecrets(other, "dev", "Pulumi.dev.yaml")).toBe(other);
});
