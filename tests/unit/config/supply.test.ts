import { keys } from "../../../config/keys";
import { ConfigSource, readConfig } from "../../../config/reader";
import { EngineKind } from "../../../engine/engine";
import { mended, problemsOf, source } from "../helpers/stackConfig";

const secretPassword: Partial<ConfigSource> = { isSecret: (name) => name === "spark-cluster:registryPassword" };

test("what is written of engine and registry goes where it belongs", () => {
  const written = {
    imageSource: "pull",
    imageRegistry: "registry.example.com:5000/team/spark",
    imageTag: "v1.2_3-rc",
    registryUser: "me",
    registryPassword: 'it\'s a "secret" = ü',
  };
  expect(readConfig(source(written, { ...secretPassword, architecture: "arm64" })).supply).toEqual({
    source: "pull",
    registry: "registry.example.com:5000/team/spark",
    tag: "v1.2_3-rc",
    user: "me",
    password: 'it\'s a "secret" = ü',
    architecture: "arm64",
  });
});

test.each([
  "",
  "localhost",
  "localhost:5000",
  "localhost/team",
  "registry.example.com",
  "docker.io/me",
  "10.0.0.1:5000/a/b-c/d__e.f",
  "registry:5000",
])("%j is a registry", (registry) => {
  expect(keys.imageRegistry(registry)).toBe(registry);
});

test("a registry's name and a tag may be long, and not longer than the engines take", () => {
  const path = `registry.example.com/${"a".repeat(179)}`;
  expect(problemsOf(source({ imageRegistry: path }))).toEqual([]);
  expect(problemsOf(source({ imageRegistry: `${path}a` }))).toMatchObject([{ key: "imageRegistry" }]);
  expect(problemsOf(source({ imageTag: "t".repeat(128) }))).toEqual([]);
  expect(problemsOf(source({ imageTag: "t".repeat(129) }))).toMatchObject([{ key: "imageTag" }]);
  expect(problemsOf(source({ registryUser: "u".repeat(4097) }))).toMatchObject([{ key: "registryUser" }]);
});

test("a password in plain text is refused, unshown, and the command that mends it asks for another", () => {
  const written = { registryUser: "me", registryPassword: "hunter2" };
  expect(problemsOf(source(written))).toEqual([
    {
      key: "registryPassword",
      value: "plain text",
      allowed: "a secret, which the command asks for",
      mend: "pulumi config set --secret registryPassword",
    },
  ]);
  expect(problemsOf(source(written, secretPassword))).toEqual([]);
});

test("a password without a user is half a login", () => {
  const written = { registryPassword: "hunter2" };
  const [problem, ...more] = problemsOf(source(written, secretPassword));
  expect(more).toEqual([]);
  expect(problem).toEqual({
    key: "registryUser",
    value: "nothing",
    allowed: "a value beside registryPassword",
    mend: "pulumi config rm registryPassword",
  });
  expect(problemsOf(source(mended(written, problem?.mend ?? ""), secretPassword))).toEqual([]);
});

test("a registry does no harm to a stack that builds: it is where make publish pushes to", () => {
  const written = { imageSource: "build", imageRegistry: "registry.example.com" };
  expect(readConfig(source(written)).supply).toMatchObject({ source: "build", registry: "registry.example.com" });
});

test.each([
  ["me:x", "pulumi config set registryUser me"],
  ["a:b:c", "pulumi config set registryUser a"],
  [":x", "pulumi config set registryUser NAME"],
])("a user called %j is refused, for a login ends a name at its colon", (registryUser, mend) => {
  const written = { registryUser, registryPassword: "hunter2" };
  expect(problemsOf(source(written, secretPassword))).toEqual([
    {
      key: "registryUser",
      value: "a text with a colon",
      allowed: "a name without one, and the password in registryPassword",
      mend,
    },
  ]);
  expect(problemsOf(source(mended(written, mend), secretPassword))).toEqual([]);
});

test("the command that mends a user with a colon is one that a shell takes as it is meant", () => {
  const written = { registryUser: "$(reboot) it's:x", registryPassword: "hunter2" };
  const mends = problemsOf(source(written, secretPassword)).map(({ mend }) => mend);
  expect(mends).toEqual(["pulumi config set registryUser '$(reboot) it'\\''s'"]);
});

describe("an engine on another machine", () => {
  test("is not reached over ssh where it is Podman, and the way that leads there is said", () => {
    expect(problemsOf(source({ engine: "podman" }, { engine: { kind: "podman", host: "ssh://me@server" } }))).toEqual([
      {
        key: "docker:host",
        value: '"ssh://me@server"',
        allowed: expect.stringContaining("ssh -N -L $HOME/podman.sock:") as string,
        mend: 'pulumi config set docker:host "unix://$HOME/podman.sock"',
      },
    ]);
  });

  test.each<[EngineKind, string]>([
    ["docker", "ssh://me@server"],
    ["docker", "unix:///var/run/docker.sock"],
    ["podman", "unix:///home/me/podman.sock"],
    ["podman", "tcp://server:1234"],
  ])("is reached where it is %s at %s", (kind, host) => {
    expect(problemsOf(source({ engine: kind }, { engine: { kind, host } }))).toEqual([]);
  });
});
