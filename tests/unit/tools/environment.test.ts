import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { environmentOf } from "../../../tools/stack/environment";
import { temporaryFolder } from "../helpers/folders";

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
  expect(url).toBe(`file://${home}/own/state`);
  const passphrase = readFileSync(file, "utf8");
  expect(passphrase.length).toBeGreaterThan(40);
  expect(environmentOf("dev").PULUMI_CONFIG_PASSPHRASE_FILE).toBe(file);
  expect(readFileSync(file, "utf8")).toBe(passphrase);
});

test("the folder of the state may have a name that a URL has to encode", () => {
  process.env.SPARK_CLUSTER_HOME = join(home, "it's 50% #1");
  const { PULUMI_BACKEND_URL: url = "" } = environmentOf("dev");
  expect(url).toBe(`file://${home}/it's%2050%25%20%231/state`);
  expect(existsSync(join(home, "it's 50% #1/state"))).toBe(true);
});

test("a passphrase that is lost is not replaced while there are stacks that need it", () => {
  mkdirSync(join(home, "own/state/.pulumi/stacks/spark-cluster"), { recursive: true });
  writeFileSync(join(home, "own/state/.pulumi/stacks/spark-cluster/dev.json"), "{}");
  expect(() => environmentOf("dev")).toThrow(`their passphrase, ${home}/own/passphrase, is missing: put it back.`);
});

test.each([
  ["PULUMI_BACKEND_URL", "s3://bucket"],
  ["PULUMI_ACCESS_TOKEN", "pul-1"],
])("a backend that the user has chosen by %s stays", (variable, value) => {
  process.env[variable] = value;
  expect(Object.keys(environmentOf("dev"))).toEqual(["PULUMI_STACK", "PULUMI_SKIP_UPDATE_CHECK", "PATH"]);
});

test("a backend of pulumi login stays", () => {
  writeFileSync(join(home, "credentials.json"), '{ "current": "https://api.pulumi.com" }');
  expect(environmentOf("dev")).not.toHaveProperty("PULUMI_BACKEND_URL");
});

test("a passphrase of the user's stays, an empty one too", () => {
  process.env.PULUMI_CONFIG_PASSPHRASE = "";
  expect(environmentOf("dev")).toHaveProperty("PULUMI_BACKEND_URL");
  expect(environmentOf("dev")).not.toHaveProperty("PULUMI_CONFIG_PASSPHRASE_FILE");
});
