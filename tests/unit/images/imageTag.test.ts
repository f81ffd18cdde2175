import { chmodSync, cpSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

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

test("a tag is 16 hexadecimal digits, and the same each time", () => {
  const { folder, tag } = makeFolder();
  expect(tag).toMatch(/^[0-9a-f]{16}$/);
  expect(imageTag(folder, args)).toBe(tag);
});

describe("a tag changes with", () => {
  test.each<[string, (folder: string) => void]>([
    [
      "a file's content",
      (folder) => {
        write(join(folder, "notes.txt"), "others\n");
      },
    ],
    [
      "the Dockerfile",
      (folder) => {
        write(join(folder, "Dockerfile"), "FROM scratch\n");
      },
    ],
    [
      "a file's name",
      (folder) => {
        renameSync(join(folder, "notes.txt"), join(folder, "note.txt"));
      },
    ],
    [
      "a file's folder",
      (folder) => {
        renameSync(join(folder, "notes.txt"), join(folder, "bin", "notes.txt"));
      },
    ],
    [
      "a file more",
      (folder) => {
        write(join(folder, "empty"), "");
      },
    ],
    [
      "a file less",
      (folder) => {
        rmSync(join(folder, "notes.txt"));
      },
    ],
    [
      "the owner's execute bit",
      (folder) => {
        chmodSync(join(folder, "notes.txt"), 0o744);
      },
    ],
    [
      "the loss of the owner's execute bit",
      (folder) => {
        chmodSync(join(folder, "bin", "run"), 0o655);
      },
    ],
    [
      "a link",
      (folder) => {
        symlinkSync("notes.txt", join(folder, "link"));
      },
    ],
    [
      "a .dockerignore",
      (folder) => {
        write(join(folder, ".dockerignore"), "nothing\n");
      },
    ],
    [
      "content that moves from one file to its neighbour",
      (folder) => {
        write(join(folder, "bin", "run"), "#!/bin/sh\nnot", 0o755);
        write(join(folder, "notes.txt"), "es\n");
      },
    ],
  ])("%s", (_, edit) => {
    const { folder, tag } = makeFolder();
    edit(folder);
    expect(imageTag(folder, args)).not.toBe(tag);
  });

  test.each<[string, Record<string, string>]>([
    ["a build argument's value", { ...args, VERSION: "2" }],
    ["its parent", { ...args, PARENT: "spark-cluster/base:1" }],
    ["a build argument's name", { PARENT: args.PARENT, RELEASE: "1" }],
    ["a build argument more", { ...args, REBUILD: "" }],
    ["a build argument less", { PARENT: args.PARENT }],
    ["values that change places", { PARENT: args.VERSION, VERSION: args.PARENT }],
  ])("%s", (_, others) => {
    const { folder, tag } = makeFolder();
    expect(imageTag(folder, others)).not.toBe(tag);
  });

  test("where a link leads", () => {
    const { folder } = makeFolder();
    symlinkSync("notes.txt", join(folder, "link"));
    const before = imageTag(folder, args);
    rmSync(join(folder, "link"));
    symlinkSync("bin/run", join(folder, "link"));
    expect(imageTag(folder, args)).not.toBe(before);
  });
});

describe("a tag does not change with", () => {
  test.each<[string, (folder: string) => void]>([
    [
      "group's and others' bits, which follow a person's umask",
      (folder) => {
        chmodSync(join(folder, "notes.txt"), 0o600);
      },
    ],
    [
      "group's and others' execute bits",
      (folder) => {
        chmodSync(join(folder, "bin", "run"), 0o700);
      },
    ],
    [
      "the owner's write bit",
      (folder) => {
        chmodSync(join(folder, "notes.txt"), 0o444);
      },
    ],
    [
      "a folder's bits",
      (folder) => {
        chmodSync(join(folder, "bin"), 0o700);
      },
    ],
    [
      "a file written anew",
      (folder) => {
        write(join(folder, "notes.txt"), "notes\n");
      },
    ],
  ])("%s", (_, edit) => {
    const { folder, tag } = makeFolder();
    edit(folder);
    expect(imageTag(folder, args)).toBe(tag);
  });

  test("the place of the checkout", () => {
    const { folder, tag } = makeFolder();
    const elsewhere = join(temporaryFolder(), "deeper", "elsewhere");
    cpSync(folder, elsewhere, { recursive: true });
    expect(imageTag(elsewhere, args)).toBe(tag);
    process.chdir(elsewhere);
    expect(imageTag(".", args)).toBe(tag);
  });

  test("the order of build arguments", () => {
    const { folder, tag } = makeFolder();
    expect(imageTag(folder, { VERSION: args.VERSION, PARENT: args.PARENT })).toBe(tag);
  });

  test("what lies behind a link that leads out of the folder, which no build sees", () => {
    const { folder } = makeFolder();
    const outside = temporaryFolder();
    symlinkSync(outside, join(folder, "outside"));
    const before = imageTag(folder, args);
    write(join(outside, "file"), "content");
    expect(imageTag(folder, args)).toBe(before);
  });
});

describe("what .dockerignore leaves out", () => {
  const ignoring = (rules: string) => {
    const { folder } = makeFolder();
    write(join(folder, ".dockerignore"), rules);
    return { folder, tag: imageTag(folder, args) };
  };

  test("is not in the tag, at any depth", () => {
    const { folder, tag } = ignoring("**/*.log\ncache\n");
    write(join(folder, "a.log"), "a");
    write(join(folder, "bin", "b.log"), "b");
    write(join(folder, "cache", "c"), "c");
    expect(imageTag(folder, args)).toBe(tag);
  });

  test("is in the tag where an exception lets it in", () => {
    const { folder, tag } = ignoring("*.log\n!keep.log\n");
    write(join(folder, "keep.log"), "kept");
    expect(imageTag(folder, args)).not.toBe(tag);
  });

  test("is in the tag if a rule is for another folder, as docker reads rules from the top", () => {
    const { folder, tag } = ignoring("*.log\n");
    write(join(folder, "bin", "b.log"), "b");
    expect(imageTag(folder, args)).not.toBe(tag);
  });

  test("is the Dockerfile never, though a rule names it: it is read all the same", () => {
    const { folder, tag } = ignoring("*\n");
    write(join(folder, "notes.txt"), "others");
    expect(imageTag(folder, args)).toBe(tag);
    write(join(folder, "Dockerfile"), "FROM scratch\n");
    expect(imageTag(folder, args)).not.toBe(tag);
  });
});
