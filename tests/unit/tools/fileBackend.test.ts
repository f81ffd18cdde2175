import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { brokenState, locksOf, resourcesOf } from "../../../tools/stack/fileBackend";
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

test("a lock names its holder; an unreadable lock counts as held", () => {
  expect(locksOf("dev")).toEqual([]);
  const lock = { pid: 1, username: "me", hostname: "here", timestamp: "now" };
  const file = put("locks/organization/spark-cluster/dev/a.json", JSON.stringify(lock));
  expect(locksOf("dev")).toEqual([lock]);
  expect(locksOf("other")).toEqual([]);
  writeFileSync(file, "");
  expect(locksOf("dev")).toEqual([undefined]);
  rmSync(file);
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
