import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";

import { PackageSources } from "../../../config/clusterConfig";
import { BuildSecret, buildSecretsOf, writeBuildSecrets } from "../../../images/buildSecrets";
import { enterProjectCopy } from "../helpers/folders";

const none: PackageSources = { certificates: "", pipIndexUrl: "", aptMirror: "", mavenMirror: "", httpProxy: "", noProxy: "" };
const some: PackageSources = {
  certificates: "-----BEGIN CERTIFICATE-----\n",
  pipIndexUrl: "https://me:hunter2@pip.example.com/simple?a=b;c",
  aptMirror: "http://apt.example.com",
  mavenMirror: "https://me:hunter2@maven.example.com/maven2",
  httpProxy: "http://proxy:3128",
  noProxy: "localhost,*.example.com",
};

function written(stack: string, sources: PackageSources): BuildSecret[] {
  writeBuildSecrets(stack, sources);
  return buildSecretsOf(stack);
}

beforeEach(() => {
  enterProjectCopy();
});

test("the same two files for every machine, so that no resource changes with what is in them", () => {
  const secrets = written("dev", none);
  expect(secrets).toEqual([
    { id: "ca-certificates", src: ".build/dev/ca-certificates" },
    { id: "package-sources", src: ".build/dev/package-sources" },
  ]);
  expect(written("dev", some)).toEqual(secrets);
});

test("nobody but their owner reads them", () => {
  for (const { src } of written("dev", some)) {
    expect(statSync(src).mode & 0o077).toBe(0);
  }
  expect(statSync(".build/dev").mode & 0o077).toBe(0);
});

test("a shell that reads the sources has them, character for character", () => {
  const [certificates, sources] = written("dev", some).map(({ src }) => src);
  expect(readFileSync(certificates ?? "", "utf8")).toBe(some.certificates);
  const names = ["PIP_INDEX_URL", "APT_MIRROR", "MAVEN_MIRROR", "http_proxy", "https_proxy", "no_proxy"];
  const script = `. ./${sources ?? ""}; printf '%s\\n' ${names.map((name) => `"$${name}"`).join(" ")}`;
  const printed = execFileSync("sh", ["-c", script], { encoding: "utf8" }).trim().split("\n");
  expect(printed).toEqual([some.pipIndexUrl, some.aptMirror, some.mavenMirror, some.httpProxy, some.httpProxy, some.noProxy]);
});

test("what is not set is left to the image", () => {
  const [, sources] = written("dev", none);
  expect(readFileSync(sources?.src ?? "", "utf8")).toBe("");
});

test("two stacks have files of their own", () => {
  written("one", some);
  const [, other] = written("other", none);
  expect(readFileSync(".build/one/package-sources", "utf8")).toContain("hunter2");
  expect(readFileSync(other?.src ?? "", "utf8")).toBe("");
});

test("they are gone when the program ends", () => {
  const once = jest.spyOn(process, "once");
  const [, sources] = written("dev", some);
  const atExit = once.mock.calls.filter(([event]) => event === "exit").map(([, listener]) => listener as () => void);
  expect(existsSync(sources?.src ?? "")).toBe(true);
  atExit.forEach((listener) => {
    listener();
  });
  expect(existsSync(".build/dev")).toBe(false);
});

test("a program that is told to end takes them away too", () => {
  const once = jest.spyOn(process, "once");
  const exit = jest.spyOn(process, "exit").mockImplementation(() => undefined as never);
  written("dev", some);
  once.mock.calls
    .filter(([event]) => event === "SIGTERM")
    .forEach(([, listener]) => {
      (listener as () => void)();
    });
  expect(exit).toHaveBeenCalledWith(143);
});
