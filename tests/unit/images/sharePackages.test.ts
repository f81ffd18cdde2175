import { execFileSync } from "node:child_process";
import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

import { temporaryFolder, write } from "../helpers/folders";

const script = join(__dirname, "../../../images/jupyterlab/share-packages");

let folder: string;
let other: string;

function inBoth(path: string, content: string, inOther = content): void {
  write(join(folder, path), content);
  write(join(other, path), inOther);
}

const share = () => execFileSync("sh", [script, folder, other]);
const isLink = (name: string) => lstatSync(join(folder, name)).isSymbolicLink();

beforeEach(() => {
  folder = temporaryFolder();
  other = temporaryFolder();
});

test("a package that is the same becomes a link, whatever it was compiled to", () => {
  inBoth("jedi/api/core.py", "same");
  inBoth("jedi/__pycache__/core.cpython-311.pyc", "compiled here", "compiled there");
  share();
  expect(isLink("jedi")).toBe(true);
  expect(readlinkSync(join(folder, "jedi"))).toBe(join(other, "jedi"));
});

test.each<[string, string, string | undefined, string | undefined]>([
  ["has another content", "tornado/web.py", "one", "two"],
  ["has another content as long as the other's, deep in it", "tornado/platform/asyncio/loop.py", "one", "two"],
  ["has a file more", "tornado/more.py", "", undefined],
  ["has a file less", "tornado/more.py", undefined, ""],
])("one that %s stays", (_why, path, here, there) => {
  inBoth("tornado/__init__.py", "same");
  for (const [side, content] of [[folder, here] as const, [other, there] as const].filter(([, each]) => each !== undefined)) {
    write(join(side, path), content ?? "");
  }
  share();
  expect(isLink("tornado")).toBe(false);
});

test("what only one side has, files, and what a package is known by stay", () => {
  write(join(folder, "jupyterlab/__init__.py"), "");
  inBoth("typing_extensions.py", "same");
  inBoth("jedi-0.20.1.dist-info/METADATA", "same");
  inBoth("__pycache__/typing_extensions.cpython-311.pyc", "same");
  share();
  const names = ["jupyterlab", "typing_extensions.py", "jedi-0.20.1.dist-info", "__pycache__"];
  expect(names.filter(isLink)).toEqual([]);
  expect(readFileSync(join(folder, "typing_extensions.py"), "utf8")).toBe("same");
});
