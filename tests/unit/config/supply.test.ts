import { schema } from "../../../config/schema";
import { ConfigSource, readConfig } from "../../../config/reader";
import { EngineKind } from "../../../engine/engine";
import { source } from "../../../testbed/stackConfig";
import { expectFixed, problemsOf } from "../helpers/problems";

const secretPassword: Partial<ConfigSource> = { isSecret: (name) => name === "spark-cluster:registryPassword" };

test("what is written of engine and registry goes where it belongs", () => {
  const login = { user: "me", password: 'it\'s a "secret" = ü' };
  const written = {
    ...{ imageSource: "pull", imageRegistry: "registry.example.com:5000/team/spark", imageTag: "v1.2_3-rc" },
    ...{ registryUser: login.user, registryPassword: login.password },
  };
  expect(readConfig(source(written, { ...secretPassword, architecture: "arm64" })).supply).toEqual({
    ...{ source: "pull", registry: "registry.example.com:5000/team/spark", tag: "v1.2_3-rc", architecture: "arm64" },
    ...login,
  });
});

test("a registry's name and a tag may be long, or nothing but this machine; one to push to does no harm to a stack that builds", () => {
  const registries = [
    ...["", "localhost", "localhost:5000", "localhost/team", "registry.example.com", "docker.io/me"],
    ...["10.0.0.1:5000/a/b-c/d__e.f", "registry:5000", `registry.example.com/${"a".repeat(179)}`],
  ];
  for (const registry of registries) {
    expect(schema.imageRegistry.read(registry)).toBe(registry);
  }
  const written = { imageSource: "build", imageRegistry: "registry.example.com", imageTag: "t".repeat(128) };
  expect(readConfig(source(written)).supply).toMatchObject({ source: "build", registry: "registry.example.com" });
});

test("a password in plain text is refused, unshown, and the command that fixes it asks for another", () => {
  const written = { registryUser: "me", registryPassword: "hunter2" };
  expect(problemsOf(source(written))).toEqual([
    {
      key: "registryPassword",
      value: "plain text",
      allowed: "a secret, which the command asks for",
      fix: "pulumi config set --secret registryPassword",
    },
  ]);
  expect(problemsOf(source(written, secretPassword))).toEqual([]);
});

test.each([
  ["", "nothing", "a value beside registryPassword", "rm registryPassword"],
  ["me:x", "a text with a colon", "a name without one, and the password in registryPassword", "set registryUser me"],
  ["a:b:c", "a text with a colon", "a name without one, and the password in registryPassword", "set registryUser a"],
  [":x", "a text with a colon", "a name without one, and the password in registryPassword", "set registryUser NAME"],
])("a login of %j is refused: it is half a one, or its name would end at the colon", (registryUser, value, allowed, command) => {
  const written = { registryUser, registryPassword: "hunter2" };
  expectFixed(written, { key: "registryUser", value, allowed, fix: `pulumi config ${command}` }, secretPassword);
});

test("the command that fixes a user with a colon is one that a shell takes as it is meant", () => {
  const written = { registryUser: "$(reboot) it's:x", registryPassword: "hunter2" };
  const fixes = problemsOf(source(written, secretPassword)).map(({ fix }) => fix);
  expect(fixes).toEqual(["pulumi config set registryUser '$(reboot) it'\\''s'"]);
});

describe("an engine on another machine", () => {
  const found = (kind: EngineKind, host: string) => problemsOf(source({ engine: kind }, { engine: { kind, host } }));

  test("is not reached over ssh where it is Podman, and the way that leads there is said", () => {
    expect(found("podman", "ssh://me@server")).toEqual([
      {
        key: "docker:host",
        value: '"ssh://me@server"',
        allowed: expect.stringContaining("ssh -N -L $HOME/podman.sock:") as string,
        fix: 'pulumi config set docker:host "unix://$HOME/podman.sock"',
      },
    ]);
  });

  test.each<[EngineKind, string]>([
    ["docker", "ssh://me@server"],
    ["docker", "unix:///var/run/docker.sock"],
    ["podman", "unix:///home/me/podman.sock"],
    ["podman", "tcp://server:1234"],
  ])("is reached where it is %s at %s", (kind, host) => {
    expect(found(kind, host)).toEqual([]);
  });
});
