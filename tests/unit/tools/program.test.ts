import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { temporaryFolder } from "../helpers/folders";

const root = join(__dirname, "../../..");

/** Runs JavaScript in a folder, and returns what it prints. */
function printed(folder: string, code: string): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--eval", code], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, PULUMI_NODEJS_TRANSPILE_ONLY: "true" },
  });
  expect(status === 0 ? "" : stderr).toBe("");
  return stdout.trim();
}

const isLoaded = 'Object.keys(require.cache).some((file) => file.includes("/typescript/lib/"))';

/** A checkout with one file of TypeScript, and a cache of its own. */
function checkout(source: string): {
  readonly folder: string;
  readonly load: () => unknown;
  readonly edit: (source: string) => void;
} {
  const folder = temporaryFolder();
  for (const each of ["tools/pulumi/program", "tsconfig.json", "package.json", "package-lock.json"]) {
    cpSync(join(root, each), join(folder, each), { recursive: true });
  }
  mkdirSync(join(folder, "node_modules"));
  for (const each of ["@pulumi", "typescript", "source-map-support", "source-map", "buffer-from"]) {
    symlinkSync(join(root, "node_modules", each), join(folder, "node_modules", each));
  }
  const edit = (text: string) => {
    writeFileSync(join(folder, "program.ts"), text);
  };
  edit(source);
  const load = () =>
    JSON.parse(
      printed(
        folder,
        `require("./tools/pulumi/program/compiled.cjs").register();
         const { value } = require("./program.ts");
         console.log(JSON.stringify({ value, compiled: ${isLoaded} }));`,
      ),
    ) as unknown;
  return { folder, load, edit };
}

test("a file is compiled once, and again when it has changed", () => {
  const { load, edit, folder } = checkout("export const value: number = 1;\n");
  expect(load()).toEqual({ value: 1, compiled: true });
  expect(load()).toEqual({ value: 1, compiled: false });
  edit("export const value: number = 2;\n");
  expect(load()).toEqual({ value: 2, compiled: true });
  rmSync(join(folder, "node_modules/.cache"), { recursive: true });
  expect(load()).toEqual({ value: 2, compiled: true });
});

test("a stack trace has the lines of the source, also of what was compiled before", () => {
  const { load } = checkout("interface Gone { a: 1 }\n\nexport const value: string = new Error().stack ?? '';\n");
  for (const compiled of [true, false]) {
    expect(load()).toEqual({ value: expect.stringContaining("program.ts:3:") as unknown, compiled });
  }
});

test("the SDK loads TypeScript only to serialize a function", () => {
  const text = printed(
    root,
    `require("./tools/pulumi/program/lazySerializer.cjs");
     const pulumi = require("@pulumi/pulumi");
     const before = ${isLoaded};
     pulumi.runtime.serializeFunction(() => 42).then(({ text }) => console.log(JSON.stringify([before, text.includes("42"), ${isLoaded}])));`,
  );
  expect(JSON.parse(text)).toEqual([false, true, true]);
});

test("Pulumi runs main.cjs, which compiles", () => {
  expect(readFileSync(join(root, "Pulumi.yaml"), "utf8")).toMatch(/typescript: false\nmain: main\.cjs\n/);
});
