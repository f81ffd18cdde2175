import fs, { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";

import { PackageSources } from "../../../config/clusterConfig";
import { BuildSecret, buildSecretsOf, removeBuildSecrets, writeBuildSecrets } from "../../../images/buildSecrets";
import { clusterConfig } from "../../../testbed/stackConfig";
import { enterProjectCopy } from "../helpers/folders";

const none: PackageSources = {
  ...{ certificates: "", pipIndexUrl: "", aptMirror: "", mavenMirror: "", goProxy: "", httpProxy: "", noProxy: "" },
};
const some: PackageSources = {
  certificates: "-----BEGIN CERTIFICATE-----\n",
  pipIndexUrl: "https://me:hunter2@pip.example.com/simple?a=b;c",
  aptMirror: "http://apt.example.com",
  mavenMirror: "https://me:hunter2@maven.example.com/maven2",
  goProxy: "https://me:hunter2@go.example.com",
  httpProxy: "http://proxy:3128",
  noProxy: "localhost,*.example.com",
};

const { images } = clusterConfig();

function written(stack: string, sources: PackageSources): BuildSecret[] {
  writeBuildSecrets(stack, { packageSources: sources, images: { ...images, requirements: "six==1.17.0\n" } });
  return buildSecretsOf(stack);
}

beforeEach(() => {
  enterProjectCopy();
});

test("a stack has the same three files on every machine, so that no resource changes with them, which nobody but their owner reads", () => {
  const secrets = written("dev", none);
  expect(secrets).toEqual(
    ["ca-certificates", "package-sources", "python-requirements"].map((id) => ({ id, src: `.build/dev/${id}` })),
  );
  expect(written("dev", some)).toEqual(secrets);
  expect([".build/dev", ...secrets.map(({ src }) => src)].map((path) => statSync(path).mode & 0o077)).toEqual([0, 0, 0, 0]);
  expect(readFileSync(".build/dev/python-requirements", "utf8")).toBe("six==1.17.0\n");
});

test("two stacks have files of their own, with their certificates and sources; what is not set is left to the image", () => {
  const [certificates] = written("one", some);
  expect(readFileSync(certificates?.src ?? "", "utf8")).toBe(some.certificates);
  const [, other] = written("other", none);
  const sources = readFileSync(".build/one/package-sources", "utf8");
  expect(sources).toContain("hunter2");
  expect(sources).toContain("export no_proxy='localhost,.example.com'"); // pip and apt know no asterisk
  expect(readFileSync(other?.src ?? "", "utf8")).toBe("");
});

test("they are gone when the program ends, also when it is told to, or by Ctrl-C", () => {
  const once = jest.spyOn(process, "once");
  const exit = jest.spyOn(process, "exit").mockImplementation(() => undefined as never);
  const signals = ["SIGHUP", "SIGINT", "SIGTERM"];
  signals.forEach((signal) => process.removeAllListeners(signal)); // of the tests above
  const end = (by: string) => {
    const listeners = once.mock.calls.filter(([event]) => event === by).map(([, listener]) => listener as (by: string) => void);
    listeners.forEach((listener) => {
      process.off(by, listener);
      listener(by);
    });
    signals.forEach((signal) => process.removeAllListeners(signal));
  };
  for (const by of [...signals, "exit"]) {
    once.mockClear();
    const [, sources] = written("dev", some);
    expect(existsSync(sources?.src ?? "")).toBe(true);
    end(by);
    expect(existsSync(".build/dev")).toBe(false);
  }
  expect(exit.mock.calls).toEqual([[129], [130], [143]]);
});

test("a program with a handler of SIGTERM ends as it wants to, and is left without handlers of ours", () => {
  const exit = jest.spyOn(process, "exit").mockImplementation(() => undefined as never);
  process.removeAllListeners("SIGTERM");
  const remove = writeBuildSecrets("dev", { packageSources: none, images });
  const own = jest.fn();
  process.on("SIGTERM", own);
  process.emit("SIGTERM", "SIGTERM");
  expect([own.mock.calls.length, exit.mock.calls.length, existsSync(".build/dev")]).toEqual([1, 0, false]);
  process.off("SIGTERM", own);
  remove();
  const again = writeBuildSecrets("dev", { packageSources: none, images });
  again();
  expect(["SIGHUP", "SIGINT", "SIGTERM"].map((signal) => process.listenerCount(signal))).toEqual([0, 0, 0]);
});

test("with the last of them, their folder is gone: the next user may not write into it", () => {
  written("dev", some);
  written("other", none);
  removeBuildSecrets(resolve(".build/dev"));
  expect(readdirSync(".build")).toEqual(["other"]);
  removeBuildSecrets(resolve(".build/other"));
  expect(existsSync(".build")).toBe(false);
});

test("a folder that another user has made is removed if it is empty, or named with the command that removes it", () => {
  const all = resolve(".build");
  const create = fs.mkdirSync;
  let isCheckoutClosed = false;
  const mkdir = jest.spyOn(fs, "mkdirSync").mockImplementation((folder, options) => {
    if (isCheckoutClosed || existsSync(all)) {
      throw Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
    }
    return create(folder, options);
  });
  create(all);
  expect(written("dev", none).map(({ src }) => existsSync(src))).toEqual([true, true, true]);
  const words = `${all} has files of another user, as after sudo make up. Remove it: sudo rm -r ${all}`;
  const writing = () => written("other", none);
  expect(writing).toThrow(words);
  isCheckoutClosed = true;
  fs.rmSync(all, { recursive: true });
  expect(writing).toThrow("EACCES: permission denied");
  mkdir.mockRestore();
});
