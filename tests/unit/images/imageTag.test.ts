import { execFileSync } from "node:child_process";
import { cpSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { imageTag } from "../../../images/imageTag";
import { temporaryFolder, write } from "../helpers/folders";

const args = { PARENT: "spark-cluster/base:0", VERSION: "1" };

/** An image's folder with a script in it, and its tag. */
function makeFolder(): { folder: string; tag: string } {
  const folder = join(temporaryFolder(), "image");
  write(join(folder, "Dockerfile"), "FROM scratch\nCOPY . /\n");
  write(join(folder, "bin", "run"), "#!/bin/sh\n", 0o755);
  write(join(folder, "notes.txt"), "notes\n");
  return { folder, tag: imageTag(folder, args) };
}

/** Whether an edit by shell commands is another tag, after others that are none. */
function isAnotherAfter(edit: string, before = ":"): boolean {
  const { folder } = makeFolder();
  const run = (script: string) => execFileSync("sh", ["-euc", script], { cwd: folder });
  run(before);
  const tag = imageTag(folder, args);
  run(edit);
  return imageTag(folder, args) !== tag;
}

test.each([
  ["a file's content", "echo others > notes.txt"],
  ["the Dockerfile", "echo FROM scratch > Dockerfile"],
  ["a file's name", "mv notes.txt note.txt"],
  ["a file's folder", "mv notes.txt bin/notes.txt"],
  ["a file more", "touch empty"],
  ["a file less", "rm notes.txt"],
  ["a link", "ln -s notes.txt link"],
  ["where a link leads", "ln -sf bin/run link", "ln -s notes.txt link"],
  ["a .dockerignore", "echo nothing > .dockerignore"],
  ["content that moves from one file to its neighbour", "printf '#!/bin/sh\\nnot' > bin/run; echo es > notes.txt"],
  ["what an exception lets into a build", "echo kept > keep.log", "printf '*.log\\n!keep.log\\n' > .dockerignore"],
  ["what a rule for another folder names, as docker reads rules from the top", "touch bin/b.log", "echo '*.log' > .dockerignore"],
  [
    "the Dockerfile, though a rule names it: it is read all the same",
    "echo FROM scratch > Dockerfile",
    "echo '*' > .dockerignore",
  ],
])("a tag changes with %s", (...[, edit, before]) => {
  expect(isAnotherAfter(edit, before)).toBe(true);
});

test.each([
  ["group's and others' bits, which follow a person's umask", "chmod 600 notes.txt"],
  ["execute bits, which some file systems do not have", "chmod 777 notes.txt; chmod 644 bin/run"],
  ["what programs leave behind", "mkdir __pycache__; touch __pycache__/a.pyc notes.txt~ .notes.txt.swp podman-build-secret123"],
  ["the owner's write bit", "chmod 444 notes.txt"],
  ["a folder's bits", "chmod 700 bin"],
  ["a file written anew", "rm notes.txt; echo notes > notes.txt"],
  [
    "what lies behind a link that leads out of the folder, which no build sees",
    "touch out/file",
    "mkdir ../out; ln -s ../out out",
  ],
  [
    "what .dockerignore leaves out, at any depth",
    "touch a.log bin/b.log; mkdir cache; touch cache/c",
    "printf '**/*.log\\ncache\\n' > .dockerignore",
  ],
  ["a file that a rule for everything leaves out", "echo others > notes.txt", "echo '*' > .dockerignore"],
])("a tag does not change with %s", (...[, edit, before]) => {
  expect(isAnotherAfter(edit, before)).toBe(false);
});

test.each<[string, Record<string, string>]>([
  ["a build argument's value", { ...args, VERSION: "2" }],
  ["its parent", { ...args, PARENT: "spark-cluster/base:1" }],
  ["a build argument's name", { PARENT: args.PARENT, RELEASE: "1" }],
  ["a build argument more", { ...args, REBUILD: "" }],
  ["a build argument less", { PARENT: args.PARENT }],
  ["values that change places", { PARENT: args.VERSION, VERSION: args.PARENT }],
])("a tag changes with %s, and not with the order of build arguments", (_, others) => {
  const { folder, tag } = makeFolder();
  expect(imageTag(folder, others)).not.toBe(tag);
  expect(imageTag(folder, { VERSION: args.VERSION, PARENT: args.PARENT })).toBe(tag);
});

test("a tag does not change with the place of the checkout", () => {
  const { folder, tag } = makeFolder();
  const elsewhere = join(temporaryFolder(), "deeper", "elsewhere");
  cpSync(folder, elsewhere, { recursive: true });
  expect(imageTag(elsewhere, args)).toBe(tag);
  process.chdir(elsewhere);
  expect(imageTag(".", args)).toBe(tag);
});

const root = join(__dirname, "../../..");
const dockerfiles = readdirSync(join(root, "images"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => `images/${name}/Dockerfile`);

test.each(dockerfiles)("%s sets the mode of every file that it copies, and copies no folder with what lies in it", (file) => {
  const copies = readFileSync(join(root, file), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("COPY ") && !line.startsWith("COPY --from=")); // what a stage made, its own steps gave a mode
  for (const copy of copies) {
    expect(copy).toMatch(/^COPY --chmod=(644|755) /);
    const sources = copy.split(" ").slice(2, -1);
    expect(
      sources.filter((source) => lstatSync(join(root, dirname(file), source), { throwIfNoEntry: false })?.isDirectory()),
    ).toEqual([]);
  }
});
