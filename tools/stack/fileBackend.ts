import { existsSync, readdirSync, readFileSync, statfsSync, statSync } from "node:fs";
import { basename, join } from "node:path";

import { shellWord } from "../../config/problem";
import { tried } from "../../engine/tried";
import { Failure } from "../failure";
import { folderOfBackend } from "./backend";

/** A lock of the file backend. */
export interface Lock {
  readonly pid: number;
  readonly username: string;
  readonly hostname: string;
  readonly timestamp: string;
}

/** The folder of the states in a backend, by default the chosen one; undefined if they are not in files. */
function folderOf(below = "", backend = process.env.PULUMI_BACKEND_URL ?? ""): string | undefined {
  const folder = folderOfBackend(backend);
  return folder === undefined ? undefined : join(folder, ".pulumi", below);
}

function filesOf(folder: string | undefined): string[] {
  return folder !== undefined && existsSync(folder) ? readdirSync(folder).map((file) => join(folder, file)) : [];
}

/** The JSON of a file; undefined if it is cut off, as a full disk leaves it. */
function jsonOf(file: string): unknown {
  return tried<unknown>(() => JSON.parse(readFileSync(file, "utf8")));
}

/**
 * The resources in the state of a stack, as `pulumi stack export` has them, but for secrets, which stay encrypted. It is read here
 * because Pulumi takes a third of a second for it.
 *
 * @returns undefined if the states are not in files, or if there is no sound one.
 */
export function resourcesOf(stack: string, backend?: string): readonly unknown[] | undefined {
  const file = stateOf(stack, backend);
  const state = file === undefined || !existsSync(file) ? undefined : (jsonOf(file) as State | undefined);
  return state?.version === 3 ? (state.checkpoint?.latest?.resources ?? []) : undefined;
}

/** The parts of a state file that are read here. */
interface State {
  readonly version?: number;
  readonly checkpoint?: { readonly latest?: { readonly resources?: readonly unknown[] } };
}

function stateOf(stack: string, backend?: string): string | undefined {
  return folderOf(`stacks/spark-cluster/${stack}.json`, backend);
}

/** Where Pulumi keeps locks: the second folder is the one of a backend whose stacks belong to no project, as before Pulumi 3.61. */
const lockFolders = ["locks/organization/spark-cluster", "locks"];

/** The locks of a stack, of which an unreadable one is undefined. Undefined if the states are not in files. */
export function locksOf(stack: string): (Lock | undefined)[] | undefined {
  if (folderOf() === undefined) {
    return undefined;
  }
  return lockFolders
    .flatMap((folder) => filesOf(folderOf(`${folder}/${stack}`)))
    .filter((file) => file.endsWith(".json"))
    .map((file) => jsonOf(file) as Lock | undefined);
}

/** The stacks on which a run has ever worked: Pulumi leaves their folders of locks. */
export function stacksEverLocked(): string[] {
  const folders = lockFolders.flatMap((folder) => filesOf(folderOf(folder))).map((folder) => basename(folder));
  return folders.filter((name) => name !== "organization"); // the first of them, in the second
}

/** Free space that a state needs, in bytes: Pulumi writes it several times during an update, about 300 KB each time. */
const enough = 20 * 1024 * 1024;

/** @throws {Failure} if the disk of the states is almost full: Pulumi would cut the state off. */
export function checkRoom(): void {
  const folder = folderOf();
  if (folder === undefined || !existsSync(folder)) {
    return;
  }
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < enough) {
    const left = Math.floor((bavail * bsize) / 1024 / 1024);
    throw new Failure(`The disk of ${folder}, where Pulumi keeps the state, has only ${left} MB left. Nothing was changed.`);
  }
}

/**
 * The error for a state that cannot be read, with the command that restores its newest copy. Pulumi keeps the state before the
 * last change next to it, and one of each finished update in a folder of backups.
 *
 * @returns undefined if the states are not in files, or if the file is sound.
 */
export function brokenState(stack: string): Failure | undefined {
  const file = stateOf(stack);
  if (file === undefined || !existsSync(file) || jsonOf(file) !== undefined) {
    return undefined;
  }
  const age = (copy: string) => statSync(copy).mtimeMs;
  const backups = filesOf(folderOf(`backups/spark-cluster/${stack}`)).filter((copy) => copy.endsWith(".json"));
  const sound = [`${file}.bak`, ...backups].filter((copy) => existsSync(copy) && jsonOf(copy) !== undefined);
  const [newest] = sound.sort((one, other) => age(other) - age(one));
  const way =
    newest === undefined
      ? "There is no sound copy of it. make up STACK=another makes a new stack; volumes of this one stay."
      : `Restore its newest copy, of ${new Date(age(newest)).toISOString()}, and run make up, which compares it with the engine:\n` +
        `  cp ${shellWord(newest)} ${shellWord(file)}`;
  return new Failure(`The state of stack ${stack} is cut off, as by a full disk: ${file}. Nothing was changed.\n${way}`);
}
