import { lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";

import { Engine } from "../engine/engine";
import { EngineFacts } from "../engine/facts";
import { tried } from "../engine/tried";
import { imagesUser } from "../roles/user";
import { HostFolders } from "./clusterConfig";
import type { ConfigSource } from "./reader";
import { Problem, remove, set, shellWord, Step } from "./problem";
import { Values } from "./schema";

/** Smaller ids are those of root and of services, and libnss-extrausers gives them no name. */
const firstPerson = 500;

/** Folders of the system. Containers must not change what is in them, and on SELinux the engine would change its labels. */
const ofSystem = /^\/(bin|boot|dev|etc|lib\w*|proc|run(?!\/media\/)|sbin|sys|usr|var\/(lib|log|run))(\/|$)/;

/** Folders for many purposes: one below is taken, but not the folder itself. */
const tooWide = /^\/(home|media|mnt|opt|root|srv|tmp|var|Users|var\/home|(home|Users|var\/home)\/[^/]+)?$/;

/** Names that the workspace has already; the samples are only on a volume. */
const taken = ["spark-warehouse", "submitted"];
const ofSamples = ["data"];

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

type FolderKey = "workspaceFolder" | "folders";

/** Reads the keys `workspaceFolder` and `folders`. Containers write as the owner of the workspace. */
export function readFolders(
  { workspaceFolder, folders: named }: Pick<Values, FolderKey>,
  {
    engine,
    users = "same",
    isMapped,
    isSwarm,
  }: Pick<ConfigSource, "engine" | "users" | "isMapped"> & { readonly isSwarm: boolean },
  show: (key: FolderKey, text: string) => string,
): { readonly folders: HostFolders; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const refuse = (key: string, text: string, allowed: string, fix: Step = remove(key)): void => {
    const value = show(key === "workspaceFolder" ? key : "folders", text);
    problems.push({ key, value, allowed, fix: [value === "(secret)" ? remove(key) : fix] });
  };
  const find = (key: string, text: string, path: string): Found | undefined => {
    const found = foundAt(path);
    if (found === undefined) {
      refuse(
        key,
        text,
        "a folder that exists",
        canBeMade(path) ? { command: `mkdir -p ${shellWord(absolute(path))}` } : remove(key),
      );
    } else if (isTooMuch(found.path)) {
      refuse(key, text, "a folder for this purpose, not the home folder, this program's, or one of the system; no : in its path");
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
    const allowed =
      users === "rootless"
        ? "a folder of the user whose engine this is"
        : `a folder of a person, not of root or a service; install -d -o ${imagesUser} -g ${imagesUser} FOLDER makes one`;
    refuse("workspaceFolder", workspaceFolder, allowed);
  }

  // Podman does not tell a container's mapping, so a change of it cannot be seen.
  if (writer !== undefined && isMapped !== undefined && isMapped !== (writer.userns !== undefined)) {
    const allowed = "as it was, while the cluster is up on Podman without root: run make down before the change";
    const value = show("workspaceFolder", workspaceFolder);
    problems.push({ key: "workspaceFolder", value, allowed, fix: [{ advice: "make down, then make up" }] });
  }

  const names = workspace === undefined ? [...taken, ...ofSamples] : taken;
  const others = Object.entries(named).map(([name, text]) => {
    const key = `folders.${name}`;
    const [, path = "", mode] = /^(.*?)(:r[ow])?$/s.exec(text) ?? [];
    const readOnly = mode === ":ro";
    if (!/^[A-Za-z0-9][\w-]{0,63}$/.test(name) || names.includes(name)) {
      const entry = names.includes(name)
        ? key
        : isPrintable(name) && name.length <= 60
          ? `folders[${JSON.stringify(name)}]`
          : "folders";
      problems.push({
        key: "folders",
        value: show("folders", name),
        allowed: `names of letters, digits, _ and -, 64 at most, and not ${names.join(", ")}`,
        fix: [remove(entry)],
      });
      return { name, path, readOnly };
    }
    const found = find(key, text, path);
    if (found === undefined) {
      return { name, path, readOnly };
    }
    if (workspace !== undefined && !isEmptyFolder(join(workspace.path, name))) {
      const place = shellWord(join(workspace.path, name));
      refuse(key, text, "the name of an empty folder in workspaceFolder, to be mounted there", { command: `mkdir ${place}` });
    }
    const isOfWriter = users === "virtual" || writer?.uid === found.uid;
    if (!readOnly && !isOfWriter) {
      const owner = writer?.uid === undefined ? "yours, together with workspaceFolder" : `one of user ${writer.uid}`;
      refuse(key, text, `a folder that is read-only, or ${owner}`, set(key, `${path}:ro`));
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
  if (users === "elsewhere" || !host.startsWith("unix://")) {
    return `for an engine on this machine, and the one at ${host} is on another`;
  }
  if (users === "remapped" || (users === "rootless" && kind === "docker")) {
    const what = users === "remapped" ? "userns-remap" : "rootless Docker";
    return `for an engine whose containers can write as the folder's owner: Docker without ${what}, or Podman`;
  }
  return undefined;
}

/** @returns undefined if no container can write as the owner of the workspace. */
function writerOf(workspace: Found | undefined, users: EngineFacts["users"], engine: Engine): Writer | undefined {
  const imagesOwn = { user: undefined, userns: undefined };
  if (users === "virtual") {
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
  const user = { uid, gid: gid < firstPerson ? imagesUser : gid };
  return { uid, user: uid === imagesUser && user.gid === imagesUser ? undefined : user, userns: undefined };
}

/** Whether a terminal shows a path as it is. */
function isPrintable(path: string): boolean {
  return /^[\p{L}\p{N}\p{P}\p{S} ]+$/u.test(path);
}

/** The longest path of a command that a person is asked to paste. */
const longestPath = 1000;

/** Whether `mkdir -p` can make the folder: its names are short enough, and what is there of its path is folders that can be entered. */
function canBeMade(path: string): boolean {
  const folder = absolute(path);
  if (!isPrintable(path) || folder.length > longestPath || folder.split("/").some((name) => Buffer.byteLength(name) > 255)) {
    return false;
  }
  let place = folder;
  while (tried(() => lstatSync(place)) === undefined) {
    place = dirname(place);
  }
  return place !== folder && tried(() => lstatSync(`${place}/.`)) !== undefined;
}

/** The path with `~` for the home folder, as people write it in a stack's file. */
function absolute(path: string): string {
  return resolve(path.replace(/^~(?=\/|$)/, homedir()));
}

/** @returns undefined if there is no folder. */
function foundAt(given: string): Found | undefined {
  return tried(() => {
    // The target of a link in /proc, such as that of /dev/stdin, may be no file.
    const path = realpathSync(given === "" ? "/dev/null" : absolute(given));
    const found = statSync(path);
    return found.isDirectory() ? { path, uid: found.uid, gid: found.gid, mode: found.mode } : undefined;
  });
}

function isEmptyFolder(path: string): boolean {
  return tried(() => lstatSync(path).isDirectory() && readdirSync(path).every((name) => name === ".gitkeep")) ?? false;
}

/** Whether a folder has more in it than containers are to reach. */
function isTooMuch(path: string): boolean {
  const [home = "", here = ""] = [homedir(), process.cwd()].map((each) => tried(() => realpathSync(each)) ?? each);
  const isAbove = [home, here].some((each) => `${each}/`.startsWith(`${path}/`));
  const isHidden = `${path}/`.startsWith(`${home}/`) && relative(home, path).startsWith(".");
  return isAbove || isHidden || ofSystem.test(path) || tooWide.test(path) || path.includes(":");
}

/** The user whose rootless engine this is: the owner of its socket. */
function ownerOf({ host }: Engine): number | undefined {
  return statSync(host.replace(/^unix:\/\//, ""), { throwIfNoEntry: false })?.uid;
}
