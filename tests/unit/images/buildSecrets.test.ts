import { existsSync, readFileSync, statSync } from "node:fs";

import { PackageSources } from "../../../config/clusterConfig";
import { BuildSecret, buildSecretsOf, writeBuildSecrets } from "../../../images/buildSecrets";
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
  expect(readFileSync(".build/one/package-sources", "utf8")).toContain("hunter2");
  expect(readFileSync(other?.src ?? "", "utf8")).toBe("");
});

test("they are gone when the program ends, also when it is told to", () => {
  const once = jest.spyOn(process, "once");
  const exit = jest.spyOn(process, "exit").mockImplementation(() => undefined as never);
  const [, sources] = written("dev", some);
  const end = (by: string) => {
    const listeners = once.mock.calls.filter(([event]) => event === by).map(([, listener]) => listener as () => void);
    listeners.forEach((listener) => {
      listener();
    });
  };
  expect(existsSync(sources?.src ?? "")).toBe(true);
  end("SIGTERM");
  expect(exit).toHaveBeenCalledWith(143);
  end("exit");
  expect(existsSync(".build/dev")).toBe(false);
});
