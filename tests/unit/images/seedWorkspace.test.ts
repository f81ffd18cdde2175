import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { temporaryFolder, write } from "../helpers/folders";

const script = join(__dirname, "../../../images/jupyterlab/seed-workspace");

let image: string;
let workspace: string;

/** Starts the IDE's container, as far as its files go, and returns what was told on the way; whatever fails, it goes on. */
function start(prefix: readonly string[] = []): string {
  const [program, ...args] = [...prefix, "python3", script, image, workspace];
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  expect([status, stdout]).toEqual([0, ""]);
  return stderr;
}

const inImage = (name: string, content: string) => {
  write(join(image, name), content);
};
const inWorkspace = (name: string) => join(workspace, name);
const text = (name: string) => readFileSync(inWorkspace(name), "utf8");
const recordPath = () => inWorkspace(".spark-cluster/delivered.json");
const record = () => JSON.parse(readFileSync(recordPath(), "utf8")) as Record<string, string>;

beforeEach(() => {
  image = temporaryFolder();
  workspace = temporaryFolder();
  inImage("welcome.ipynb", "welcome, first");
  inImage("sql.ipynb", "sql, first");
  inImage("data/penguins.csv", "penguins");
});

test("a fresh volume gets all files, and a record of what they were", () => {
  expect(start()).toBe("");
  expect([text("welcome.ipynb"), text("sql.ipynb"), text("data/penguins.csv")]).toEqual([
    "welcome, first",
    "sql, first",
    "penguins",
  ]);
  expect(record()).toEqual({
    "data/penguins.csv": "0e481e2667c3ae2f17a2c8107c67b22b2c296b2c550070c84050dc644a92cae5",
    "sql.ipynb": expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    "welcome.ipynb": expect.stringMatching(/^[0-9a-f]{64}$/) as string,
  });
  expect(readdirSync(inWorkspace(".spark-cluster"))).toEqual(["delivered.json"]);
});

test("another start writes nothing", () => {
  start();
  const before = ["welcome.ipynb", ".spark-cluster/delivered.json"].map((name) => statSync(inWorkspace(name)).ino);
  expect(start()).toBe("");
  expect(["welcome.ipynb", ".spark-cluster/delivered.json"].map((name) => statSync(inWorkspace(name)).ino)).toEqual(before);
});

test("a notebook that nobody touched is brought up to date, again and again", () => {
  for (const version of ["first", "second", "third"]) {
    inImage("welcome.ipynb", `welcome, ${version}`);
    expect(start()).toBe("");
    expect(text("welcome.ipynb")).toBe(`welcome, ${version}`);
  }
});

test("an edit outlives updates", () => {
  start();
  writeFileSync(inWorkspace("welcome.ipynb"), "mine now");
  for (const version of ["second", "third"]) {
    inImage("welcome.ipynb", `welcome, ${version}`);
    expect(start()).toBe("");
    expect(text("welcome.ipynb")).toBe("mine now");
  }
});

test("what was deleted stays deleted, also when the image has a later one", () => {
  start();
  rmSync(inWorkspace("sql.ipynb"));
  rmSync(inWorkspace("data"), { recursive: true });
  inImage("sql.ipynb", "sql, second");
  start();
  expect(start()).toBe("");
  expect([existsSync(inWorkspace("sql.ipynb")), existsSync(inWorkspace("data"))]).toEqual([false, false]);
});

test("a new notebook of a later image appears; one that the image has no more stays", () => {
  start();
  inImage("streaming.ipynb", "streaming, first");
  rmSync(join(image, "sql.ipynb"));
  start();
  expect([text("streaming.ipynb"), text("sql.ipynb")]).toEqual(["streaming, first", "sql, first"]);
});

test("a file of the user's own that has the name of one of ours is never touched", () => {
  writeFileSync(inWorkspace("welcome.ipynb"), "always been mine");
  writeFileSync(inWorkspace("elsewhere"), "sql, first");
  symlinkSync("elsewhere", inWorkspace("sql.ipynb"));
  for (const version of ["first", "second"]) {
    inImage("welcome.ipynb", `welcome, ${version}`);
    inImage("sql.ipynb", `sql, ${version}`);
    expect(start()).toBe("");
    expect([text("welcome.ipynb"), text("elsewhere")]).toEqual(["always been mine", "sql, first"]);
  }
  expect(record()).not.toHaveProperty(["welcome.ipynb"]);
});

test("a start that was killed leaves nothing half-written, and the next one goes on from there", () => {
  // Killed between a file and the record of it, with the next file partly written.
  writeFileSync(inWorkspace("sql.ipynb"), "sql, first");
  write(inWorkspace(".spark-cluster/partial"), "welc");
  expect(start()).toBe("");
  expect([text("welcome.ipynb"), Object.keys(record())]).toEqual([
    "welcome, first",
    ["data/penguins.csv", "sql.ipynb", "welcome.ipynb"],
  ]);
  inImage("sql.ipynb", "sql, second");
  start();
  expect(text("sql.ipynb")).toBe("sql, second");
});

test.each(["{", "[]", '"word"', "\xff\xfe", ""])(
  "a record that cannot be read (%j) is told, and costs nobody an edit",
  (broken) => {
    start();
    writeFileSync(inWorkspace("welcome.ipynb"), "mine now");
    writeFileSync(recordPath(), broken, "latin1");
    inImage("welcome.ipynb", "welcome, second");
    expect(start()).toContain(`${recordPath()} cannot be read`);
    expect([text("welcome.ipynb"), text("sql.ipynb")]).toEqual(["mine now", "sql, first"]);
    expect(start()).toBe("");
  },
);

test("what cannot be delivered is told by its name, and the others are", () => {
  writeFileSync(inWorkspace("data"), "a file where our folder would be");
  mkdirSync(inWorkspace("sql.ipynb"));
  expect(start()).toMatch(/^seed-workspace: .*data\/penguins\.csv is not delivered: .*\n$/);
  expect(text("welcome.ipynb")).toBe("welcome, first");
});

test("a volume without room, or without anything, is told, and holds no half-written file", () => {
  // To a file that may not grow as to a full disk.
  expect(start(["prlimit", "--fsize=4"])).toMatch(/welcome\.ipynb is not delivered: .*File too large/);
  expect([readdirSync(workspace), readdirSync(inWorkspace(".spark-cluster"))]).toEqual([[".spark-cluster", "data"], []]);
  rmSync(workspace, { recursive: true });
  expect(start()).toContain("nothing is delivered");
});
