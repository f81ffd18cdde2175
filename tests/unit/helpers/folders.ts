import fs, { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import * as packageRoot from "../../../images/packageRoot";

const made: string[] = [];

/** An empty folder that is gone when the file's tests are done. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "spark-cluster-unit-")));
  made.push(folder);
  return folder;
}

/** Writes a file, its folders too. */
export function write(path: string, content: string | Buffer, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, mode);
}

const realStat = fs.statSync as (path: string, options?: fs.StatSyncOptions) => fs.Stats | undefined;

/** Lets files of this machine belong to a user, by default with the group of the next number. Others cannot read those named private. */
export function ownFiles(ownerOf: (path: string) => number, gid?: number): void {
  jest.spyOn(fs, "statSync").mockImplementation(((path: string, options?: fs.StatSyncOptions) => {
    const found = realStat(path.endsWith(".sock") ? "/" : path, options);
    const [uid, bits] = [ownerOf(path), path.endsWith("private") ? 0o700 : 0o755];
    return found && Object.assign(found, { uid, gid: gid ?? uid + 1, mode: (found.mode & ~0o777) | bits });
  }) as never);
}

/**
 * Goes to a copy of the images' folder, so that builds of the program leave nothing in the checkout and an image can be edited.
 * Returns where it lies.
 */
export function enterProjectCopy(): string {
  const folder = temporaryFolder();
  cpSync(join(__dirname, "../../../images"), join(folder, "images"), { recursive: true });
  process.chdir(folder);
  jest.spyOn(packageRoot, "packageRoot").mockReturnValue(folder);
  return folder;
}

const home = process.cwd();
const ends = ["exit", "SIGHUP", "SIGINT", "SIGTERM"] as const;
const own = new Map(ends.map((end) => [end, process.rawListeners(end)]));

// What a program leaves to be done at its end would be done at the end of the tests, in whatever folder they are then.
afterEach(() => {
  for (const end of ends) {
    process
      .rawListeners(end)
      .filter((listener) => own.get(end)?.includes(listener) !== true)
      .forEach((listener) => process.off(end, listener as () => void));
  }
});

afterAll(() => {
  process.chdir(home);
  made.splice(0).forEach((folder) => {
    rmSync(folder, { recursive: true, force: true });
  });
});
