import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import * as programs from "../../../tools/programs";
import type { ChosenBackend } from "../../../tools/stack/backend";
import { environmentOf, stackOfOwnState } from "../../../tools/stack/environment";
import { temporaryFolder, write } from "../helpers/folders";

let home: string;

beforeEach(() => {
  home = temporaryFolder();
  const env = { PATH: "/usr/bin", HOME: home, PULUMI_HOME: home, SPARK_CLUSTER_HOME: join(home, "own") };
  jest.replaceProperty(process, "env", env);
});

describe("a stack's name", () => {
  test.each(["dev", "team-2", "A.b_c", "1", "a".repeat(100)])("may be %j", (stack) => {
    expect(environmentOf(stack).PULUMI_STACK).toBe(stack);
  });

  test.each(["..", ".", "-x", "_x", "a/b", "a b", "$(touch canary)", "a\n", "a".repeat(101), "\u001b[2J"])(
    "may not be %j, of which files would be named",
    (stack) => {
      const naming = () => environmentOf(stack);
      expect(naming).toThrow("A stack's name begins with a letter or a digit");
      expect(naming).not.toThrow(/\p{Cc}/u);
    },
  );
});

test("the state and its passphrase are the user's own, and the same for every checkout", () => {
  const { PULUMI_BACKEND_URL: url, PULUMI_CONFIG_PASSPHRASE_FILE: file = "" } = environmentOf("dev");
  expect(url).toBe(`file://${home}/own/state?metadata=skip`);
  const passphrase = readFileSync(file, "utf8");
  expect(passphrase.length).toBeGreaterThan(40);
  expect(environmentOf("dev").PULUMI_CONFIG_PASSPHRASE_FILE).toBe(file);
  expect(readFileSync(file, "utf8")).toBe(passphrase);
});

test("the folder of the state may have a name that a URL has to encode", () => {
  process.env.SPARK_CLUSTER_HOME = join(home, "it's 50% #1");
  const { PULUMI_BACKEND_URL: url = "" } = environmentOf("dev");
  expect(url).toBe(`file://${home}/it's%2050%25%20%231/state?metadata=skip`);
  expect(existsSync(join(home, "it's 50% #1/state"))).toBe(true);
});

test("a passphrase that is lost is not replaced while there are stacks that need it", () => {
  mkdirSync(join(home, "own/state/.pulumi/stacks/spark-cluster"), { recursive: true });
  writeFileSync(join(home, "own/state/.pulumi/stacks/spark-cluster/dev.json"), "{}");
  expect(() => environmentOf("dev")).toThrow(`their passphrase, ${home}/own/passphrase, is missing: put it back.`);
});

const chosen = () => {
  const { PULUMI_BACKEND_URL: url, ...rest } = environmentOf("dev");
  expect(Object.keys(rest)).toEqual(["PULUMI_STACK", "PULUMI_SKIP_UPDATE_CHECK", "no_grpc_proxy", "PATH"]);
  return url;
};

test("a backend that the user has chosen stays, and is named as Pulumi finds it: by login, by the project, by the shell", () => {
  process.env.PULUMI_ACCESS_TOKEN = "pul-1";
  expect(chosen()).toBeUndefined();
  writeFileSync(join(home, "credentials.json"), '{ "current": "file:///srv/state" }');
  expect(chosen()).toBe("file:///srv/state");
  write(join(home, "other/credentials.json"), '{ "current": "https://api.pulumi.com" }');
  process.env.PULUMI_CREDENTIALS_PATH = join(home, "other");
  expect(chosen()).toBe("https://api.pulumi.com");
  const folder = temporaryFolder();
  jest.replaceProperty(programs, "root", folder);
  writeFileSync(join(folder, "Pulumi.yaml"), "name: spark-cluster\nbackend:\n  url: gs://bucket\n");
  expect(chosen()).toBe("gs://bucket");
  process.env.PULUMI_BACKEND_URL = "s3://bucket";
  expect(chosen()).toBe("s3://bucket");
});

test.each(["{", "", "null", '{ "current": "" }'])("no backend is chosen by the credentials %j", (credentials) => {
  writeFileSync(join(home, "credentials.json"), credentials);
  expect(environmentOf("dev").PULUMI_BACKEND_URL).toBe(`file://${home}/own/state?metadata=skip`);
});

test("the state of the user's own has its passphrase, also if the user names it", () => {
  process.env.PULUMI_BACKEND_URL = `file://${home}/own/../own/state/`;
  expect(environmentOf("dev").PULUMI_CONFIG_PASSPHRASE_FILE).toBe(join(home, "own/passphrase"));
});

test("a stack that is not in the chosen backend is said to be in the user's own state, with the command that chooses that", () => {
  const state = join(home, "own/state/.pulumi/stacks/spark-cluster/dev.json");
  const login = { url: "s3://bucket", by: "pulumi login" } as const;
  const message = (create: boolean, by: ChosenBackend["by"] = "pulumi login") =>
    stackOfOwnState("dev", create, { ...login, by })?.message;
  process.env.PULUMI_BACKEND_URL = "s3://bucket";
  expect(message(false)).toBeUndefined();
  write(state, '{ "version": 3, "checkpoint": {} }');
  const words = `There is no stack dev in s3://bucket, which pulumi login has chosen. The project's own state has one. To work on that one:
  export PULUMI_BACKEND_URL='file://${home}/own/state?metadata=skip'`;
  expect(message(false)).toBe(words);
  expect(message(true)).toBeUndefined(); // it is not up
  write(state, '{ "version": 3, "checkpoint": { "latest": { "resources": [{}] } } }');
  expect(message(true)).toBe(words);
  expect(message(true, "Pulumi.yaml")).toBeUndefined();
  expect(message(false, "Pulumi.yaml")).toContain("which Pulumi.yaml has chosen");
  process.env.PULUMI_BACKEND_URL = `file://${home}/own/state`;
  expect(message(false)).toBeUndefined();
});

test("Pulumi's own connections do not use the user's proxy", () => {
  process.env.no_proxy = "a.example.com";
  expect(environmentOf("dev").no_grpc_proxy).toBe("a.example.com,127.0.0.1");
});

test("a passphrase of the user's stays, an empty one too", () => {
  process.env.PULUMI_CONFIG_PASSPHRASE = "";
  expect(environmentOf("dev")).toHaveProperty("PULUMI_BACKEND_URL");
  expect(environmentOf("dev")).not.toHaveProperty("PULUMI_CONFIG_PASSPHRASE_FILE");
});
