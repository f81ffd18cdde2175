import { realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

import { Engine } from "../engine/engine";
import { EngineFacts } from "../engine/facts";
import { imagesUser } from "../roles/user";
import { HostFolders } from "./clusterConfig";
import { Problem, remove, set } from "./problem";
import { Values } from "./schema";

/** Smaller ids are those of services. libnss-extrausers, which names the user in the containers, leaves them out. */
const firstPerson = 500;

/** Folders of the system: containers must not write to them, and on SELinux a mount changes their labels. */
const ofSystem = ["bin", "boot", "dev", "etc", "lib", "lib64", "proc", "sbin", "sys", "usr"];

/** A folder of this machine. */
interface Found {
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** As whom containers write. */
interface Writer extends Pick<HostFolders, "user" | "userns"> {
  /** The id on this machine; undefined for one that no person has. */
  readonly uid: number | undefined;
}

export interface FolderKeys extends Pick<Values, "workspaceFolder" | "folders"> {
  readonly isSwarm: boolean;
}

/** Reads the keys `workspaceFolder` and `folders`. Containers write as the owner of the workspace. */
export function readFolders(
  { workspaceFolder, folders: named, isSwarm }: FolderKeys,
  { engine, users = "same" }: { readonly engine: Engine; readonly users?: EngineFacts["users"] | undefined },
  show: (key: "workspaceFolder" | "folders", text: string) => string,
): { readonly folders: HostFolders; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const refuse = (key: string, text: string, allowed: string, fix = remove(key)): void => {
    const value = show(key === "workspaceFolder" ? key : "folders", text);
    problems.push({ key, value, allowed, fix: [value === "(secret)" ? remove(key) : fix] });
  };
  const find = (key: string, text: string, path: string): Found | undefined => {
    const found = foundAt(path);
    if (found === undefined) {
      refuse(key, text, "a folder that exists; mkdir -p makes one");
    } else if (isTooMuch(found.path)) {
      refuse(key, text, "a folder for this purpose, not the home folder or one of the system, and without a colon in its path");
      return undefined;
    }
    return found;
  };

  const reason = reasonAgainst(engine, users, isSwarm);
  if (reason !== undefined) {
    if (workspaceFolder !== "") {
      refuse("workspaceFolder", workspaceFolder, reason);
    }
    if (Object.keys(named).length > 0) {
      refuse("folders", JSON.stringify(named), reason);
    }
    return { folders: { workspace: undefined, others: [], user: undefined, userns: undefined }, problems };
  }

  const workspace = workspaceFolder === "" ? undefined : find("workspaceFolder", workspaceFolder, workspaceFolder);
  const writer = writerOf(workspace, users, engine);
  if (workspace !== undefined && writer === undefined) {
    const isRootless = users === "rootless";
    const me = isRootless ? ownerOf(engine) : process.getuid?.();
    const allowed = isRootless ? "a folder of the user whose engine this is" : "a folder of a person, not of root or a service";
    const owner = me === undefined || me < firstPerson ? imagesUser : me;
    refuse("workspaceFolder", workspaceFolder, `${allowed}; sudo chown -R ${owner}: FOLDER gives it to one`);
  }

  const others = Object.entries(named).map(([name, text]) => {
    const key = `folders.${name}`;
    const [, path = "", mode] = /^(.*?)(:r[ow])?$/s.exec(text) ?? [];
    const readOnly = mode === ":ro";
    if (!/^[A-Za-z0-9][\w-]{0,63}$/.test(name)) {
      refuse("folders", name, "names of letters, digits, _ and -, 64 at most");
      return { name, path, readOnly };
    }
    const found = find(key, text, path);
    if (found === undefined) {
      return { name, path, readOnly };
    }
    if (workspace !== undefined && foundAt(join(workspace.path, name)) === undefined) {
      refuse(key, text, "the name of an empty folder in workspaceFolder, in whose place it appears; mkdir makes one");
    }
    const isOfWriter = !hasOwners() || writer?.uid === found.uid;
    if (!readOnly && !isOfWriter) {
      refuse(key, text, "read-only, or a folder of the user that owns workspaceFolder", set(key, `${path}:ro`));
    } else if (!isOfWriter && (found.mode & 0o5) !== 0o5) {
      refuse(key, text, "a folder that every user may read; chmod o+rx makes it one");
    }
    return { name, path: found.path, readOnly };
  });
  return { folders: { workspace: workspace?.path, others, user: writer?.user, userns: writer?.userns }, problems };
}

/** Why the engine cannot mount folders of this machine; undefined if it can. */
function reasonAgainst({ host, kind }: Engine, users: EngineFacts["users"], isSwarm: boolean): string | undefined {
  if (isSwarm) {
    return "for a cluster on one engine; the nodes of a swarm share a folder by sharedStorage.folder";
  }
  if (!/^(unix|npipe):/.test(host)) {
    return `for an engine on this machine, and this one is at ${host}`;
  }
  if (users === "remapped" || (users === "rootless" && kind === "docker")) {
    const what = users === "remapped" ? "userns-remap" : "rootless Docker";
    return `for an engine whose containers write as the folder's owner: Docker without ${what}, or Podman`;
  }
  return undefined;
}

/** Whether containers see who owns a file. In the virtual machines of Docker Desktop every file is their own. */
function hasOwners(): boolean {
  return process.platform === "linux";
}

/** @returns undefined if no container can write as the owner of the workspace. */
function writerOf(workspace: Found | undefined, users: EngineFacts["users"], engine: Engine): Writer | undefined {
  const imagesOwn = { user: undefined, userns: undefined };
  if (!hasOwners()) {
    return { uid: imagesUser, ...imagesOwn };
  }
  if (users === "rootless") {
    if (workspace === undefined) {
      return { uid: undefined, ...imagesOwn };
    }
    const userns = `keep-id:uid=${imagesUser},gid=${imagesUser}`;
    return workspace.uid === ownerOf(engine) ? { uid: workspace.uid, user: undefined, userns } : undefined;
  }
  const { uid, gid } = workspace ?? { uid: imagesUser, gid: imagesUser };
  if (uid < firstPerson) {
    return undefined;
  }
  return { uid, user: uid === imagesUser ? undefined : `${uid}:${gid}`, userns: undefined };
}

/** The path with `~` for the home folder, as people write it in a stack's file. */
function absolute(path: string): string {
  return resolve(path.replace(/^~(?=\/|$)/, homedir()));
}

/** @returns undefined if there is no folder. */
function foundAt(given: string): Found | undefined {
  try {
    const path = realpathSync(absolute(given));
    const found = statSync(path);
    return found.isDirectory() ? { path, uid: found.uid, gid: found.gid, mode: found.mode } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a folder is the home folder or above it, or of the system. */
function isTooMuch(path: string): boolean {
  const [first = ""] = path.split("/").filter(Boolean);
  const isAboveHome = path === "/" || `${realpathOf(homedir())}/`.startsWith(`${path}/`);
  return isAboveHome || path === "/var" || path === "/home" || ofSystem.includes(first) || path.includes(":");
}

function realpathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** The user whose rootless engine this is: the owner of its socket. */
function ownerOf({ host }: Engine): number | undefined {
  return statSync(host.replace(/^unix:\/\//, ""), { throwIfNoEntry: false })?.uid;
}
