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
/** What the files hold that are there. */
function all(): Record<string, string> {
  const names = { welcome: "welcome.ipynb", sql: "sql.ipynb", data: "data/penguins.csv" };
  const there = Object.entries(names).filter(([, name]) => existsSync(inWorkspace(name)));
  return Object.fromEntries(there.map(([key, name]) => [key, text(name)]));
}
const recordPath = () => inWorkspace(".spark-cluster/delivered.json");
const record = () => JSON.parse(readFileSync(recordPath(), "utf8")) as Record<string, string>;

beforeEach(() => {
  image = temporaryFolder();
  workspace = temporaryFolder();
  inImage("welcome.ipynb", "welcome, first");
  inImage("sql.ipynb", "sql, first");
  inImage("data/penguins.csv", "penguins");
});

test("a fresh volume gets all files, and a record of what they were; another start writes nothing", () => {
  expect(start()).toBe("");
  expect(all()).toEqual({ welcome: "welcome, first", sql: "sql, first", data: "penguins" });
  const sum = expect.stringMatching(/^[0-9a-f]{64}$/) as string;
  const penguins = "0e481e2667c3ae2f17a2c8107c67b22b2c296b2c550070c84050dc644a92cae5";
  expect(record()).toEqual({ "data/penguins.csv": penguins, "sql.ipynb": sum, "welcome.ipynb": sum });
  expect(readdirSync(inWorkspace(".spark-cluster"))).toEqual(["delivered.json"]);
  const inodes = () => ["welcome.ipynb", ".spark-cluster/delivered.json"].map((name) => statSync(inWorkspace(name)).ino);
  const before = inodes();
  expect(start()).toBe("");
  expect(inodes()).toEqual(before);
});

test("a notebook that nobody touched is brought up to date, again and again, and an edit outlives that", () => {
  for (const version of ["first", "second", "third"]) {
    inImage("welcome.ipynb", `welcome, ${version}`);
    inImage("sql.ipynb", `sql, ${version}`);
    expect(start()).toBe("");
    expect(all()).toMatchObject({ welcome: `welcome, ${version}`, sql: version === "first" ? "sql, first" : "mine now" });
    writeFileSync(inWorkspace("sql.ipynb"), "mine now");
  }
});

test("what was deleted stays deleted, also when the image has a later one; what the image has no more stays; what is new appears", () => {
  start();
  rmSync(inWorkspace("sql.ipynb"));
  rmSync(inWorkspace("data"), { recursive: true });
  inImage("sql.ipynb", "sql, second");
  inImage("streaming.ipynb", "streaming, first");
  rmSync(join(image, "welcome.ipynb"));
  start();
  expect(start()).toBe("");
  expect([all(), text("streaming.ipynb")]).toEqual([{ welcome: "welcome, first" }, "streaming, first"]);
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
  const names = ["data/penguins.csv", "sql.ipynb", "welcome.ipynb"];
  expect([text("welcome.ipynb"), Object.keys(record())]).toEqual(["welcome, first", names]);
  inImage("sql.ipynb", "sql, second");
  start();
  expect(text("sql.ipynb")).toBe("sql, second");
});

test("a record that cannot be read is told, and costs nobody an edit", () => {
  start();
  writeFileSync(inWorkspace("welcome.ipynb"), "mine now");
  inImage("welcome.ipynb", "welcome, second");
  for (const broken of ["{", "[]", '"word"', "\xff\xfe", ""]) {
    writeFileSync(recordPath(), broken, "latin1");
    expect(start()).toContain(`${recordPath()} cannot be read`);
    expect(all()).toMatchObject({ welcome: "mine now", sql: "sql, first" });
  }
  expect(start()).toBe("");
});

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
