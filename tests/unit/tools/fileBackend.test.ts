import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";

import { root } from "../../../tools/programs";
import { folderOfBackend } from "../../../tools/stack/backend";
import { brokenState, locksOf, resourcesOf, stacksEverLocked } from "../../../tools/stack/fileBackend";
import { temporaryFolder } from "../helpers/folders";

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
  jest.replaceProperty(process, "env", { ...process.env, PULUMI_BACKEND_URL: `file://${folder}` });
});

/** Writes a file of the backend, last changed at a day of 2026-01. */
function put(file: string, content: string, day = 1): string {
  const path = join(folder, ".pulumi", file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  utimesSync(path, new Date(Date.UTC(2026, 0, day)), new Date(Date.UTC(2026, 0, day)));
  return path;
}

const state = "stacks/spark-cluster/dev.json";
const backup = (number: number) => `backups/spark-cluster/dev/dev.${number}.json`;
const message = () => brokenState("dev")?.message;

describe("a state file", () => {
  test("that is whole, is not there, or is no file, is no problem", () => {
    expect(message()).toBeUndefined();
    put(state, "{}");
    expect(message()).toBeUndefined();
    put(state, "{");
    process.env.PULUMI_BACKEND_URL = "s3://bucket";
    expect(message()).toBeUndefined();
  });

  test.each(["", '{"version": 3, "chec'])("that was cut off to %j is restored from its newest sound copy", (content) => {
    const file = put(state, content, 9);
    const copies = [put(backup(1), "{}", 2), put(backup(2), "{}", 4)];
    put(`${state}.bak`, "{", 6); // a write after the fault takes the fault over
    expect(message()).toContain(`The state of stack dev is cut off, as by a full disk: ${file}. Nothing was changed.`);
    expect(message()).toContain(`of 2026-01-04T00:00:00.000Z`);
    expect(message()).toContain(`  cp ${String(copies[1])} ${file}`);
    put(`${state}.bak`, "{}", 6);
    expect(message()).toContain(`  cp ${file}.bak ${file}`);
  });

  test("without a sound copy is said to have none", () => {
    put(state, "");
    expect(message()).toContain("There is no sound copy of it. make up STACK=another");
  });
});

test.each([
  ["file:///srv/state?no_tmp_dir=true", "/srv/state"],
  ["file:///srv/it's%20100%25", "/srv/it's 100%"],
  ["file://~", userInfo().homedir],
  ["file://~/state", join(userInfo().homedir, "state")],
  ["file://./state", join(root, "state")],
  ["s3://bucket", undefined],
  ["", undefined],
])("the folder of the backend %j is found as Pulumi finds it", (url, expected) => {
  process.env.HOME = "/elsewhere"; // Pulumi does not go by it
  expect(folderOfBackend(url)).toBe(expected);
});

test("a lock names its holder; an unreadable lock counts as held", () => {
  expect(locksOf("dev")).toEqual([]);
  const lock = { pid: 1, username: "me", hostname: "here", timestamp: "now" };
  const file = put("locks/organization/spark-cluster/dev/a.json", JSON.stringify(lock));
  expect(locksOf("dev")).toEqual([lock]);
  expect(locksOf("other")).toEqual([]);
  writeFileSync(file, "");
  expect(locksOf("dev")).toEqual([undefined]);
  rmSync(file);
  put("locks/dev/a.json", JSON.stringify(lock)); // where stacks belong to no project
  expect(locksOf("dev")).toEqual([lock]);
  expect(stacksEverLocked()).toEqual(["dev", "dev"]);
  process.env.PULUMI_BACKEND_URL = "s3://bucket";
  expect(locksOf("dev")).toBeUndefined();
});

test("the resources of a state are read from its file, if the states are in files of the known version", () => {
  const resources = [{ urn: "urn:pulumi:dev::spark-cluster::pulumi:pulumi:Stack::spark-cluster-dev" }];
  expect(resourcesOf("dev")).toBeUndefined();
  put(state, JSON.stringify({ version: 3, checkpoint: { latest: { resources } } }));
  expect(resourcesOf("dev")).toEqual(resources);
  put(state, JSON.stringify({ version: 3, checkpoint: {} }));
  expect(resourcesOf("dev")).toEqual([]);
  put(state, JSON.stringify({ version: 4, checkpoint: { latest: { resources } } }));
  expect(resourcesOf("dev")).toBeUndefined();
  put(state, "{");
  expect(resourcesOf("dev")).toBeUndefined();
  process.env.PULUMI_BACKEND_URL = "s3://bucket";
  expect(resourcesOf("dev")).toBeUndefined();
});
